/* SPDX-License-Identifier: MIT */
/* cancel: a thread that is cancelled in the middle of one of our calls ends only where nothing of ours is half done. */
#ifndef CORE_BASE_CANCEL_H
#define CORE_BASE_CANCEL_H

#include <poll.h>

/* Between hold and release the calling thread is cancellable only inside cancel_poll(), and only if it was cancellable before. They nest: a
 * signal handler may connect in the middle of a connect. */
void cancel_hold(void);
void cancel_release(void);

/* poll(2): the cancellation point of such a call. */
int cancel_poll(struct pollfd *, nfds_t, int ms);

#endif
