/* SPDX-License-Identifier: MIT */
/* arena: memory straight from the kernel, released all at once, because the host's heap is not ours to use. One thread at a time. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena {
	struct arena_block *last; /* NULL: nothing allocated yet */
};

/* Returns an arena whose first block is `size` bytes at that very address, all zero; an empty one if there is no room. */
struct arena arena_at(void *at, size_t size);

/* Map an arena of one trimmed block from a file, for reading, where that block lay. Returns false if there is no room. */
bool arena_map(struct arena_block *, size_t size, int fd, off_t from);

/* Give back what its only block does not use, and return the size that the block then has; 0 if there is none or several. */
size_t arena_trim(struct arena *);

/* Returns `size` zeroed bytes, aligned for any type, valid until arena_free(); NULL if the kernel has none. */
void *arena_take(struct arena *, size_t size);

/* Returns a NUL-terminated copy of `n` bytes; NULL if the kernel has no memory. */
char *arena_copy(struct arena *, const char *at, size_t n);

/* Release everything. */
void arena_free(struct arena *);

#endif
