/* SPDX-License-Identifier: MIT */
/* cancel: disable cancellation at the first hold; restore the thread's own state while it waits and at the last release. */
#include "core/base/cancel.h"

#include <pthread.h>

static __thread int holds;
static __thread int outside; /* the thread's cancel state before the first hold */

void cancel_hold(void)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (holds++ == 0)
		outside = state;
}

void cancel_release(void)
{
	if (--holds == 0)
		pthread_setcancelstate(outside, NULL);
}

int cancel_poll(struct pollfd *polls, nfds_t n, int ms)
{
	int state;

	if (!holds)
		return poll(polls, n, ms);
	pthread_setcancelstate(outside, &state);
	const int ready = poll(polls, n, ms);
	pthread_setcancelstate(state, NULL);
	return ready;
}
