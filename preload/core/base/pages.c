/* SPDX-License-Identifier: MIT */
/* pages: mmap(2), and small pieces cut from a shared block by one atomic addition. */
#include "core/base/pages.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { BLOCK = 64 * 1024 };

struct block {
	_Atomic size_t used;
};

static _Atomic(struct block *) current;

static void *map(size_t size, int sharing)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void *pages_take(size_t size)
{
	return map(size, MAP_PRIVATE);
}

void *pages_take_shared(size_t size)
{
	return map(size, MAP_SHARED);
}

void pages_free(void *p, size_t size)
{
	munmap(p, size);
}

void *pages_once(_Atomic(void *) *once, void *(*take)(size_t), size_t size)
{
	void *there = *once;

	if (there)
		return there;
	void *const mine = take(size);
	if (!mine || atomic_compare_exchange_strong(once, &there, mine))
		return mine;
	pages_free(mine, size);
	return there;
}

void *pages_take_small(size_t size)
{
	size = (size + 15) & ~(size_t)15;
	for (;;) {
		struct block *b = current;
		if (b) {
			const size_t at = atomic_fetch_add(&b->used, size);
			if (at + size <= BLOCK)
				return (char *)b + at;
		}
		struct block *fresh = pages_take(BLOCK);
		if (!fresh)
			return NULL;
		fresh->used = 16; /* after this header, aligned */
		if (!atomic_compare_exchange_strong(&current, &b, fresh))
			pages_free(fresh, BLOCK);
	}
}
