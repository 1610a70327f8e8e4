/* SPDX-License-Identifier: MIT */
/* cancel: disable cancellation at a hold; restore the thread's own state while it waits and at the release. */
#include "core/base/cancel.h"

#include "core/base/caller.h"
#include "core/base/clock.h"
#include "core/base/interrupt.h"
#include "core/base/scratch.h"

/* What a thread holds. In a wait that is nothing, so that handlers may jump out. */
struct held {
	const struct hold *outermost; /* if it still stands; NULL if there is none */
	unsigned long number;         /* of that */
	int outside;                  /* the thread's cancel state before it */
};

static __thread struct held held;

/* True unless the frame of the outermost hold is gone: overwritten, or unmapped with its stack. */
static bool stands(void)
{
	struct hold h;

	return held.outermost && caller_read(&h, held.outermost, sizeof(h)) && h.number == held.number;
}

void cancel_hold(struct hold *h)
{
	static __thread unsigned long numbers;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	const bool left = held.outermost && (held.outermost == h || !stands());
	*h = (struct hold){.number = ++numbers, .before = left ? held.outside : state};
	if (!held.outermost || left)
		held = (struct held){h, h->number, h->before};
}

void cancel_release(const struct hold *h)
{
	if (held.outermost == h)
		held.outermost = NULL;
	pthread_setcancelstate(h->before, NULL);
}

/* A handler that jumps out between two lines of these finds the hold, or the state of the wait. */
static struct held wait_begin(void)
{
	const struct held before = held;

	scratch_expect_end();
	pthread_setcancelstate(before.outside, NULL);
	held.outermost = NULL;
	return before;
}

static void wait_end(struct held before)
{
	held = before;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
}

int cancel_poll(struct pollfd *polls, nfds_t n, int ms)
{
	if (!stands())
		return poll(polls, n, ms);
	const struct held before = wait_begin();
	const int ready = poll(polls, n, ms);
	wait_end(before);
	return ready;
}

/* futex(2) is no cancellation point, so let the thread be cancelled at any instruction of it. */
static int futex_wait_cancelably(const atomic_uint *word, unsigned seen, const struct timespec *time)
{
	int type;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	const int rc = futex_wait(word, seen, time);
	pthread_setcanceltype(type, NULL);
	return rc == -EINTR && !interrupt_ends_calls() ? 0 : rc;
}

int cancel_futex_wait(const atomic_uint *word, unsigned seen, int64_t until)
{
	const int64_t left = until == INT64_MAX ? 0 : until - clock_now();
	const struct timespec time = {left / NS_PER_S, left % NS_PER_S};
	const struct timespec *const limit = until == INT64_MAX ? NULL : &time;

	if (left < 0)
		return -ETIMEDOUT;
	if (!stands())
		return futex_wait_cancelably(word, seen, limit);
	const struct held before = wait_begin();
	const int rc = futex_wait_cancelably(word, seen, limit);
	wait_end(before);
	return rc;
}

/* libc's, of which pthread.h declares the struct alone: siglongjmp(3) calls and takes off what it leaves. */
extern void _pthread_cleanup_push(struct _pthread_cleanup_buffer *, void (*)(void *), void *);
extern void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *, int execute);

void cleanup_begin(struct cleanup *c, void (*f)(void *), void *arg)
{
	_pthread_cleanup_push(&c->libcs, f, arg);
}

void cleanup_end(struct cleanup *c)
{
	_pthread_cleanup_pop(&c->libcs, 0);
}
