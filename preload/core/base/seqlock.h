/* SPDX-License-Identifier: MIT */
/* seqlock: a few bytes in shared memory that are read without a lock: a reader can tell whether they changed meanwhile, and then does
 * without them. Any thread, process and signal handler; nobody waits. If a writer dies half-way, the bytes are unreadable for ever. */
#ifndef CORE_BASE_SEQLOCK_H
#define CORE_BASE_SEQLOCK_H

#include <stdatomic.h>
#include <stdbool.h>

/* ThreadSanitizer does not see what a fence orders, and gcc warns of that. */
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

/* Zero before the first write; odd while a writer is at work. */
struct seqlock {
	atomic_uint version;
};

/* Begin to write; false if another is writing, whose bytes must be as good as ours. */
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

/* Begin to read. Returns the version, or 0 if there is nothing to read. */
static inline unsigned seqlock_read(const struct seqlock *s)
{
	const unsigned version = atomic_load_explicit(&s->version, memory_order_acquire);

	return version & 1 ? 0 : version;
}

/* True if the bytes read since seqlock_read() returned `version` are valid; before you know, they may be half old, half new. */
static inline bool seqlock_was_read(const struct seqlock *s, unsigned version)
{
	atomic_thread_fence(memory_order_acquire);
	return version && version == atomic_load_explicit(&s->version, memory_order_relaxed);
}

#endif
