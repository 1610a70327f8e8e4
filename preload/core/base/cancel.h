/* SPDX-License-Identifier: MIT */
/* cancel: let a thread that is cancelled in one of our calls end only where none of our work is half done. */
#ifndef CORE_BASE_CANCEL_H
#define CORE_BASE_CANCEL_H

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/futex.h"

/* On the stack of who holds. */
struct hold {
	unsigned long number;
	int before; /* the cancel state to restore */
};

/* Between hold and release the calling thread is cancellable only inside the waits below, and only if it was cancellable before. Holds
 * nest: a signal handler may connect in the middle of a connect. One that is never released, because a handler jumped out, is found by
 * the next: the thread is then as cancellable as it was before that. */
void cancel_hold(struct hold *);
void cancel_release(const struct hold *);

/* Do what poll(2) does, as the cancellation point of such a call. */
int cancel_poll(struct pollfd *, nfds_t, int ms);

/* futex_wait() until `until` (monotonic, ns; INT64_MAX: for ever), as a cancellation point. May return early with 0;
 * with -EINTR only if the signal ends calls (interrupt.h). */
int cancel_futex_wait(const atomic_uint *word, unsigned seen, int64_t until);

/* Between begin and end: call f(arg) if the thread is cancelled, or if a handler jumps out. On the same stack frame. What pthread.h has for this
 * stays behind after a jump, and is called when the thread ends, in a frame that is gone. */
struct cleanup {
	struct _pthread_cleanup_buffer libcs;
};

void cleanup_begin(struct cleanup *, void (*f)(void *), void *arg);
void cleanup_end(struct cleanup *);

#endif
