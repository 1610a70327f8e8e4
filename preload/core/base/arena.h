/* SPDX-License-Identifier: MIT */
/* arena: memory straight from the kernel, released all at once, because the host's heap is not ours to use. One thread at a time. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *last; /* NULL: nothing allocated yet */
};

/* Returns `size` zeroed bytes, aligned for any type, valid until arena_free(); NULL if the kernel has none. */
void *arena_take(struct arena *, size_t size);

/* Returns a NUL-terminated copy of `n` bytes; NULL if the kernel has no memory. */
char *arena_copy(struct arena *, const char *at, size_t n);

/* Release everything. */
void arena_free(struct arena *);

#endif
