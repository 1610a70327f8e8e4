/* SPDX-License-Identifier: MIT */
/* scratch: blocks of pages. Idle ones wait in slots that all threads share, so that no thread has any to leave behind when it ends. */
#include "core/base/scratch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/caller.h"
#include "core/base/pages.h"

enum { BLOCK = 8192, SLOTS = 16, CHEAP_KEYS = 32 };

struct scratch_block {
	struct scratch_block *next; /* in use by the same thread */
	const struct scratch *user;
	size_t number, size; /* of the use; of the whole block */
	_Alignas(16) char bytes[];
};

EARLY static _Atomic(struct scratch_block *) idle[SLOTS];
EARLY static atomic_size_t uses;
static __thread struct scratch_block *_Atomic in_use; /* atomic for signal handlers, not for other threads */

static void put_away(struct scratch_block *b)
{
	struct scratch_block *none = NULL;

	for (int i = 0; b->size == BLOCK && i < SLOTS; i++, none = NULL)
		if (!idle[i] && atomic_compare_exchange_strong(&idle[i], &none, b))
			return;
	pages_free(b, b->size);
}

static struct scratch_block *find_idle(void)
{
	struct scratch_block *b = NULL;

	for (int i = 0; !b && i < SLOTS; i++)
		if (idle[i])
			b = atomic_exchange(&idle[i], NULL);
	return b;
}

static struct scratch_block *block_of(size_t size)
{
	struct scratch_block *b = size == BLOCK ? find_idle() : NULL;

	if (b || !(b = pages_take(size)))
		return b;
	b->size = size;
	return b;
}

static void keep(struct scratch_block *b)
{
	b->next = in_use;
	in_use = b;
}

/* True if the user's frame is gone: what it had on the stack is overwritten, or unmapped with the stack. */
static bool is_left(const struct scratch_block *b)
{
	struct scratch user;

	return !caller_read(&user, b->user, sizeof(user)) || user.block != b || user.number != b->number;
}

/* Find what was never given back. A handler that interrupts this sees an empty list. */
static void gather(void)
{
	struct scratch_block *b = atomic_exchange(&in_use, NULL), *next;

	for (; b; b = next) {
		next = b->next;
		if (is_left(b))
			put_away(b);
		else
			keep(b);
	}
}

void *scratch_take(struct scratch *s, size_t size)
{
	*s = (struct scratch){.number = ++uses};
	if (in_use)
		gather();
	size += sizeof(struct scratch_block);
	struct scratch_block *const b = block_of(size > BLOCK ? size : BLOCK);
	if (!b)
		return NULL;
	b->user = s;
	b->number = s->number;
	s->block = b;
	keep(b);
	return b->bytes;
}

struct text scratch_text(struct scratch *s, size_t bytes)
{
	static char none[1];
	char *const at = scratch_take(s, bytes);

	if (!at)
		return (struct text){.at = none, .size = sizeof(none), .cut = true};
	at[0] = '\0';
	return (struct text){.at = at, .size = bytes};
}

void scratch_give(struct scratch *s)
{
	struct scratch_block *const b = s->block;

	s->block = NULL;
	if (!b)
		return;
	if (in_use == b) {
		in_use = b->next;
		put_away(b);
	} else {
		b->user = s; /* overwritten just now: the next to look finds it */
		gather();
	}
}

/* When a thread ends, nothing of it is in use: it was cancelled in the middle of a call, or a handler had jumped out of its last. */
static void give_all(void *unused)
{
	struct scratch_block *b = atomic_exchange(&in_use, NULL), *next;

	(void)unused;
	for (; b; b = next) {
		next = b->next;
		put_away(b);
	}
}

/* Not where libc would allocate memory for it. */
void scratch_expect_end(void)
{
	static __thread bool expects;
	static atomic_uint key; /* one more than libc's */
	pthread_key_t new;

	if (expects)
		return;
	expects = true;
	if (!key && pthread_key_create(&new, give_all) == 0 && !atomic_compare_exchange_strong(&key, &(unsigned){0}, new + 1))
		pthread_key_delete(new);
	if (key && key <= CHEAP_KEYS)
		pthread_setspecific(key - 1, &key);
}
