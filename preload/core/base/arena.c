/* SPDX-License-Identifier: MIT */
/* arena: blocks of pages, each cut from the front. */
#include "core/base/arena.h"

#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct arena_block {
	struct arena_block *before;
	size_t size, used; /* both count this header */
};

enum {
	BLOCK = 64 * 1024,
	ALIGN = alignof(max_align_t),
	HEAD = (sizeof(struct arena_block) + ALIGN - 1) / ALIGN * ALIGN,
};

static bool map_at(void *at, size_t size, int protection, int how, int fd, off_t from)
{
	void *const got = mmap(at, size, protection, MAP_PRIVATE | MAP_FIXED_NOREPLACE | how, fd, from);

	if (got == at)
		return true;
	if (got != MAP_FAILED) /* a kernel older than 4.17 takes the address for a hint */
		munmap(got, size);
	return false;
}

/* A configuration holds passwords, which no core dump should. */
static void hide(void *at, size_t size)
{
	madvise(at, size, MADV_DONTDUMP);
}

struct arena arena_at(void *at, size_t size)
{
	struct arena_block *const b = at;

	if (!map_at(at, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))
		return (struct arena){0};
	hide(b, size);
	*b = (struct arena_block){.size = size, .used = HEAD};
	return (struct arena){b};
}

bool arena_map(struct arena_block *b, size_t size, int fd, off_t from)
{
	const bool mapped = map_at(b, size, PROT_READ, 0, fd, from);

	if (mapped)
		hide(b, size);
	return mapped;
}

size_t arena_trim(struct arena *a)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct arena_block *const b = a->last;

	if (!b || b->before)
		return 0;
	const size_t size = (b->used + page - 1) / page * page;
	if (size < b->size)
		munmap((char *)b + size, b->size - size);
	return b->size = size;
}

void *arena_take(struct arena *a, size_t size)
{
	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	if (!a->last || a->last->size - a->last->used < size) {
		const size_t block = HEAD + size > BLOCK ? HEAD + size : BLOCK;
		struct arena_block *b = mmap(NULL, block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (b == MAP_FAILED)
			return NULL;
		hide(b, block);
		*b = (struct arena_block){.before = a->last, .size = block, .used = HEAD};
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
