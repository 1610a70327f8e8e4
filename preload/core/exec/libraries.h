/* SPDX-License-Identifier: MIT */
/* libraries: look at what the dynamic linker will load along with a file: the libraries that this needs, and those that they need. */
#ifndef CORE_EXEC_LIBRARIES_H
#define CORE_EXEC_LIBRARIES_H

#include <limits.h>

#include "core/exec/elf.h"
#include "core/exec/library_cache.h"
#include "core/exec/needed.h"

/* Zeroed pages: it is large, and mostly not used. */
struct libraries {
	const char *given;            /* $LD_LIBRARY_PATH; NULL or "" if not set */
	struct elf_scratch *scratch;  /* the caller's */
	const char *go;               /* the path of one that is written in Go */
	size_t known_n, queued, read; /* bytes of what follows below */
	struct library_cache cache;
	struct elf elf;
	struct needed needed;
	char lasting[2048]; /* DT_RPATH of the first file */
	char path[PATH_MAX], origin[PATH_MAX];
	char known[16384]; /* names that were looked for, each with a NUL behind it */
	char queue[65536]; /* paths of libraries, likewise; up to `read` they were looked into */
};

/* Read what the file behind `fd` needs, which is loaded next, or loads others. Call this first; `given` and `scratch` are set already. */
void libraries_begin(struct libraries *, int fd);

/* True if it needs a library whose name begins so. */
bool libraries_need(const struct libraries *, const char *prefix);

/* Do not look at a library of that name: it is loaded already. */
void libraries_know(struct libraries *, const char *name);

/* Returns the path of a library that is written in Go, among those that the file needs; NULL if there is none. */
const char *libraries_find_go(struct libraries *);

/* The same for a library that the file loads, by its path or by its name alone, and for those which that needs. */
const char *libraries_find_go_in(struct libraries *, const char *name);

#endif
