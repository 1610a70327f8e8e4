/* SPDX-License-Identifier: MIT */
/* needed: which libraries a file asks the dynamic linker for, and where it says that they lie. */
#ifndef CORE_EXEC_NEEDED_H
#define CORE_EXEC_NEEDED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/exec/elf.h"

/* Large: not for a stranger's stack. */
struct needed {
	size_t n;         /* bytes of `names` */
	bool lasts;       /* DT_RPATH: the directories count also for what those libraries need */
	char dirs[2048];  /* DT_RUNPATH or DT_RPATH; "" if neither */
	char names[8192]; /* DT_NEEDED, each with a NUL behind it */
};

/* Read what the ELF file behind `fd`, which is for this machine, needs: nothing if that cannot be told. */
void needed_read(struct needed *, int fd, struct elf_scratch *);

/* True if the file needs libc's own libraries alone, as most do; if a library is one of those. */
bool needed_are_libcs(int fd, struct elf_scratch *);
bool needed_is_libcs(const char *name);

/* Returns the name behind `name`, the first for NULL; NULL at the end. */
const char *needed_next(const struct needed *, const char *name);

#endif
