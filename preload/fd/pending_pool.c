/* SPDX-License-Identifier: MIT */
/* pending_pool: a mapping is cut into pieces, one after the other, and unmapped when all of them are back; a few are kept for the next. */
#include "fd/pending_pool.h"

#include <string.h>

#include "core/base/lock.h"
#include "core/base/pages.h"
#include "fd/pending.h"

enum {
	PIECES = 16,
	SPARE = 16,
};

/* Of one mapping. Each process has its own. */
struct pending_block {
	struct pending *pieces;
	int taken, out;      /* how many ever were, and how many are, outside or spare */
	unsigned generation; /* of forks: those that count */
	struct pending_block *next;
};

static struct {
	struct lock lock;
	struct pending_block *current; /* not all of it is taken yet */
	struct pending_block *unmapped;
	struct pending *spare[SPARE];
	int spares;
	unsigned generation;
} pool;

static struct pending_block *map(void)
{
	struct pending_block *b = pool.unmapped;

	if (b)
		pool.unmapped = b->next;
	else
		b = pages_take_small(sizeof(*b));
	if (!b)
		return NULL;
	*b = (struct pending_block){.pieces = pages_take_shared(PIECES * sizeof(struct pending)), .generation = pool.generation};
	if (b->pieces)
		return b;
	b->next = pool.unmapped;
	pool.unmapped = b;
	return NULL;
}

static void leave(struct pending_block *b)
{
	if (--b->out || b->taken < PIECES)
		return;
	pages_free(b->pieces, PIECES * sizeof(struct pending));
	b->next = pool.unmapped;
	pool.unmapped = b;
}

static struct pending *cut(void)
{
	if (!pool.current)
		pool.current = map();
	struct pending_block *b = pool.current;
	if (!b)
		return NULL;
	struct pending *p = &b->pieces[b->taken++];
	p->block = b;
	b->out++;
	if (b->taken == PIECES)
		pool.current = NULL;
	return p;
}

static struct pending *reuse(void)
{
	struct pending *p = pool.spare[--pool.spares];
	struct pending_block *b = p->block;

	memset(p, 0, sizeof(*p));
	p->block = b;
	return p;
}

struct pending *pending_pool_take(void)
{
	lock_take(&pool.lock);
	struct pending *p = pool.spares ? reuse() : cut();
	lock_give(&pool.lock);
	return p;
}

void pending_pool_give(struct pending *p, bool shared)
{
	struct pending_block *b = p->block;

	lock_take(&pool.lock);
	if (!shared && pool.spares < SPARE)
		pool.spare[pool.spares++] = p;
	else
		leave(b);
	lock_give(&pool.lock);
}

/* Another thread of the parent may have been half-way through any of this: count anew. */
void pending_pool_forked(void)
{
	pool.current = NULL;
	pool.spares = 0;
	pool.generation++;
}

void pending_pool_keep(struct pending *p)
{
	struct pending_block *b = p->block;

	if (b->generation != pool.generation)
		b->out = 0;
	b->generation = pool.generation;
	b->taken = PIECES;
	b->out++;
}
