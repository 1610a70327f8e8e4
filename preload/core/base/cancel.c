/* SPDX-License-Identifier: MIT */
/* cancel: disable cancellation at the first hold; restore the thread's own state while it waits and at the last release. */
#include "core/base/cancel.h"

#include <pthread.h>
#include <stdbool.h>

#include "core/base/clock.h"
#include "core/base/interrupt.h"
#include "core/base/scratch.h"

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
	int ready;
	pthread_setcancelstate(outside, &state);
	pthread_cleanup_push(scratch_give_all, NULL);
	ready = poll(polls, n, ms);
	pthread_cleanup_pop(false);
	pthread_setcancelstate(state, NULL);
	return ready;
}

/* futex(2) is no cancellation point, so let the thread be cancelled at any instruction of it. */
static int futex_wait_cancelably(const atomic_uint *word, unsigned seen, const struct timespec *time)
{
	int type;

	int rc;
	pthread_cleanup_push(scratch_give_all, NULL);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	rc = futex_wait(word, seen, time);
	pthread_setcanceltype(type, NULL);
	pthread_cleanup_pop(false);
	return rc == -EINTR && !interrupt_ends_calls() ? 0 : rc;
}

int cancel_futex_wait(const atomic_uint *word, unsigned seen, int64_t until)
{
	const int64_t left = until == INT64_MAX ? 0 : until - clock_now();
	const struct timespec time = {left / NS_PER_S, left % NS_PER_S};
	const struct timespec *const limit = until == INT64_MAX ? NULL : &time;
	int state;

	if (left < 0)
		return -ETIMEDOUT;
	if (!holds)
		return futex_wait_cancelably(word, seen, limit);
	pthread_setcancelstate(outside, &state);
	const int rc = futex_wait_cancelably(word, seen, limit);
	pthread_setcancelstate(state, NULL);
	return rc;
}
