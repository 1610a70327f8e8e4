/* SPDX-License-Identifier: MIT */
/* lock: held for a few system calls, never across waiting.
 * Any thread, any signal handler: one that waits sleeps, and one that holds a lock takes no signals and is not cancelled meanwhile, so that no
 * handler can come to wait for the code that it interrupted. That takes two system calls: hold one lock for all that belongs together. */
#ifndef CORE_BASE_LOCK_H
#define CORE_BASE_LOCK_H

#include <stdatomic.h>

/* All zero: free. */
struct lock {
	atomic_uint word;
};

/* Several may be held at once, but none twice. */
void lock_take(struct lock *);
void lock_give(struct lock *);

/* In the child of a fork: whatever another thread of the parent's held is free. What it guards may be half-way through a change. */
void lock_forked(void);

#endif
