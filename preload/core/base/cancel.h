/* SPDX-License-Identifier: MIT */
/* cancel: let a thread that is cancelled in one of our calls end only where none of our work is half done. */
#ifndef CORE_BASE_CANCEL_H
#define CORE_BASE_CANCEL_H

#include <poll.h>
#include <stdint.h>

#include "core/base/futex.h"

/* Between hold and release the calling thread is cancellable only inside the waits below, and only if it was cancellable before. Holds
 * nest: a signal handler may connect in the middle of a connect. */
void cancel_hold(void);
void cancel_release(void);

/* Do what poll(2) does, as the cancellation point of such a call. */
int cancel_poll(struct pollfd *, nfds_t, int ms);

/* futex_wait() until `until` (monotonic, ns; INT64_MAX: for ever), as a cancellation point. May return early with 0;
 * with -EINTR only if the signal ends calls (interrupt.h). */
int cancel_futex_wait(const atomic_uint *word, unsigned seen, int64_t until);

#endif
