/* SPDX-License-Identifier: MIT */
/* lock: a lock for a few system calls, never held across waiting. Any thread and any signal handler. While a thread holds one it takes no
 * signals and is not cancelled, so no handler can wait for the code that it interrupted. That costs two system calls: hold one lock for
 * all that belongs together. */
#ifndef CORE_BASE_LOCK_H
#define CORE_BASE_LOCK_H

#include <stdatomic.h>

/* Free when all zero. */
struct lock {
	atomic_uint word;
};

/* A thread may hold several locks at once, but none of them twice. */
void lock_take(struct lock *);
void lock_give(struct lock *);

/* Between hold and release the thread is as undisturbed as with a lock, and locks cost no system call. */
void lock_hold(void);
void lock_release(void);

/* In the child of a fork: free every lock that another thread of the parent held. What such a lock guards may be half changed. */
void lock_forked(void);

#endif
