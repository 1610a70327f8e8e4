/* SPDX-License-Identifier: MIT */
/* lock: a futex word that holds the generation of its holder's process, so that a forked child can tell a lock that nobody will give
 * back. */
#include "core/base/lock.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "core/base/futex.h"
#include "core/base/interrupt.h"

static const unsigned WAITED_FOR = 1u << 31;

/* Counts forks. The holder of a lock from an earlier generation is a thread of the parent, which does not exist here. */
static atomic_uint generation = 1;

/* The thread's state before it took its first lock. */
static __thread struct {
	int locks;
	int cancel_state;
	sigset_t signals;
} before;

/* The word is 0 or the generation of its holder, with a mark if another thread waits. */
static bool is_of(unsigned word, unsigned now)
{
	return (word & ~WAITED_FOR) == now;
}

/* Take the lock from a holder in the process that we were forked from. */
static bool take_over(struct lock *l, unsigned now)
{
	unsigned holder = l->word;

	return holder && !is_of(holder, now) && atomic_compare_exchange_strong(&l->word, &holder, now);
}

/* Block signals and cancellation: calls made under a lock (close, connect, send) could end a cancelled thread, and a signal handler could
 * wait for the engine while the engine waits for us. */
void lock_hold(void)
{
	sigset_t signals;

	if (before.locks == 0) {
		interrupt_hold_all(&signals);
		before.signals = signals;
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before.cancel_state);
	}
	before.locks++;
}

void lock_release(void)
{
	if (--before.locks)
		return;
	const sigset_t signals = before.signals; /* a handler that runs as soon as it may can take locks itself */
	pthread_setcancelstate(before.cancel_state, NULL);
	interrupt_release(&signals);
}

void lock_take(struct lock *l)
{
	const unsigned now = generation;
	unsigned free = 0;

	lock_hold();
	if (!atomic_compare_exchange_strong(&l->word, &free, now) && !take_over(l, now))
		while (is_of(atomic_exchange(&l->word, now | WAITED_FOR), now))
			futex_wait(&l->word, now | WAITED_FOR, NULL);
}

void lock_give(struct lock *l)
{
	if (atomic_exchange(&l->word, 0) & WAITED_FOR)
		futex_wake(&l->word, 1);
	lock_release();
}

void lock_forked(void)
{
	generation++;
}
