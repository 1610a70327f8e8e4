/* SPDX-License-Identifier: MIT */
/* futex: sleep until a word of memory has another value. Async-signal-safe; may change errno. */
#ifndef CORE_BASE_FUTEX_H
#define CORE_BASE_FUTEX_H

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

#include "core/base/sys.h"

/* Within one process: sleep while the word is `seen`, for `time` at most (NULL: for ever). Returns 0 when woken, -EAGAIN if the word differs, -EINTR or
 * -ETIMEDOUT. */
static inline int futex_wait(const atomic_uint *word, unsigned seen, const struct timespec *time)
{
	return (int)sys_rc(sys.syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, time, NULL, 0));
}

/* Wake `n` of the threads that sleep on the word; INT_MAX wakes all. */
static inline void futex_wake(atomic_uint *word, int n)
{
	sys.syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

/* The same for a word in memory that several processes share. */
static inline int futex_wait_shared(const atomic_uint *word, unsigned seen, const struct timespec *time)
{
	return (int)sys_rc(sys.syscall(SYS_futex, word, FUTEX_WAIT, seen, time, NULL, 0));
}

static inline void futex_wake_shared(atomic_uint *word, int n)
{
	sys.syscall(SYS_futex, word, FUTEX_WAKE, n, NULL, NULL, 0);
}

#endif
