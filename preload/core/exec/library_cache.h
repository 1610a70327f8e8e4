/* SPDX-License-Identifier: MIT */
/* library_cache: /etc/ld.so.cache, where the dynamic linker looks for libraries before its own directories. */
#ifndef CORE_EXEC_LIBRARY_CACHE_H
#define CORE_EXEC_LIBRARY_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct library_cache {
	const char *at; /* mapped; NULL if there is none, or none that can be read */
	size_t size;
	uint32_t first, end; /* the entries found last that have yet to be told */
};

void library_cache_open(struct library_cache *);
void library_cache_close(struct library_cache *);

/* Look for a name. Each library_cache_next() then returns a path, of a library for this machine or another; NULL at the end. */
void library_cache_find(struct library_cache *, const char *name);
const char *library_cache_next(struct library_cache *);

/* Compare two names as the cache is sorted, numbers in them by value: below 0, 0, above 0. */
int library_cache_compare(const char *a, const char *b);

#endif
