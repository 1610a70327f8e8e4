/* SPDX-License-Identifier: MIT */
/* elf: what an executable's headers say about how it is loaded. */
#ifndef CORE_EXEC_ELF_H
#define CORE_EXEC_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/exec/machine.h"

enum { ELF_INTERPRETER = 512 };

struct elf {
	struct machine machine;
	bool damaged;                      /* the headers are inconsistent */
	bool go;                           /* made by the Go toolchain */
	bool ours;                         /* has ELF_NOTE */
	uint64_t end;                      /* bytes that are mapped: a shorter file is cut off */
	char soname[64];                   /* of what has no interpreter: its DT_SONAME; "" if none */
	char interpreter[ELF_INTERPRETER]; /* the dynamic linker; "" for a static program */
};

/* Memory that elf_read() needs meanwhile. */
struct elf_scratch {
	_Alignas(16) char head[2048], piece[4096];
};

/* The note that tells our library from any other file of its name. */
#define ELF_NOTE "socksify"

/* Read the file behind `fd`, of our own library no more than its segments. Returns false if it is no ELF file. Of a file in the other byte order only the machine is
 * read. */
bool elf_read(struct elf *, int fd, struct elf_scratch *);

/* Returns the C library whose dynamic linker has that file name: "glibc", "musl", "uClibc", "Bionic"; NULL if unknown. */
const char *elf_libc(const char *interpreter);

#endif
