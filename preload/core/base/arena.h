/* arena: memory straight from the kernel, all given back at once, for a host whose heap is not ours to use. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *last; /* NULL: nothing taken yet */
};

/* `size` zeroed bytes, aligned for any type, valid until arena_free(); NULL when the kernel has none. */
void *arena_take(struct arena *, size_t size);

/* A NUL-terminated copy of `n` bytes; NULL when the kernel has no memory. */
char *arena_copy(struct arena *, const char *at, size_t n);

/* Give everything back. */
void arena_free(struct arena *);

#endif
