/* SPDX-License-Identifier: MIT */
/* arena: blocks of pages, each cut from the front. */
#include "core/base/arena.h"

#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK = 64 * 1024 };

struct arena_block {
	struct arena_block *before;
	size_t size, used; /* both count this header */
};

void *arena_take(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);

	size = (size + align - 1) & ~(align - 1);
	if (!a->last || a->last->size - a->last->used < size) {
		const size_t head = (sizeof(struct arena_block) + align - 1) & ~(align - 1);
		const size_t block = head + size > BLOCK ? head + size : BLOCK;
		struct arena_block *b = mmap(NULL, block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (b == MAP_FAILED)
			return NULL;
		*b = (struct arena_block){.before = a->last, .size = block, .used = head};
		a->last = b;
	}
	void *p = (char *)a->last + a->last->used;
	a->last->used += size;
	return p;
}

char *arena_copy(struct arena *a, const char *at, size_t n)
{
	char *copy = arena_take(a, n + 1);

	if (copy)
		memcpy(copy, at, n);
	return copy;
}

void arena_free(struct arena *a)
{
	while (a->last) {
		struct arena_block *b = a->last;
		a->last = b->before;
		munmap(b, b->size);
	}
}
