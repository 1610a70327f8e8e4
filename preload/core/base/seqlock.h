/* SPDX-License-Identifier: MIT */
/* seqlock: a few bytes in shared memory that are read without a lock; whoever reads them sees whether they changed meanwhile, and then does
 * without. Any thread, any process, any signal handler: nobody waits. A writer that dies half-way leaves them unreadable for ever. */
#ifndef CORE_BASE_SEQLOCK_H
#define CORE_BASE_SEQLOCK_H

#include <stdatomic.h>
#include <stdbool.h>

/* ThreadSanitizer does not see what a fence orders, and gcc warns of that. */
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

/* All zero: nothing was written yet. Odd: being written. */
struct seqlock {
	atomic_uint version;
};

/* Begin to write; false if somebody else is writing, whose bytes have to be as good as ours. */
static inline bool seqlock_write(struct seqlock *s)
{
	unsigned version = atomic_load_explicit(&s->version, memory_order_relaxed);

	if (version & 1 || !atomic_compare_exchange_strong(&s->version, &version, version + 1))
		return false;
	atomic_thread_fence(memory_order_release);
	return true;
}

static inline void seqlock_written(struct seqlock *s)
{
	atomic_fetch_add_explicit(&s->version, 1, memory_order_release);
}

/* Begin to read; 0 if there is nothing to be read. */
static inline unsigned seqlock_read(const struct seqlock *s)
{
	const unsigned version = atomic_load_explicit(&s->version, memory_order_acquire);

	return version & 1 ? 0 : version;
}

/* Whether what was read since seqlock_read() said `version` is good; until then it may be half of this and half of that. */
static inline bool seqlock_was_read(const struct seqlock *s, unsigned version)
{
	atomic_thread_fence(memory_order_acquire);
	return version && version == atomic_load_explicit(&s->version, memory_order_relaxed);
}

#endif
