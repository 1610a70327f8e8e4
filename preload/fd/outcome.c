/* SPDX-License-Identifier: MIT */
/* outcome: a futex word, on which one side waits, and each claims what the other has not; used ones are kept for the next. */
#include "fd/outcome.h"

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/lock.h"
#include "core/base/pages.h"

enum state { OPEN, CLAIMED, TOLD, LEFT };

struct outcome {
	atomic_uint state;
	int rc;
	struct outcome *next; /* among the spare ones */
};

static struct {
	struct lock lock;
	struct outcome *first;
} spare;

struct outcome *outcome_new(void)
{
	lock_take(&spare.lock);
	struct outcome *o = spare.first;
	if (o)
		spare.first = o->next;
	lock_give(&spare.lock);
	if (!o)
		o = pages_take_small(sizeof(*o));
	if (o)
		o->state = OPEN;
	return o;
}

static void drop(struct outcome *o)
{
	lock_take(&spare.lock);
	o->next = spare.first;
	spare.first = o;
	lock_give(&spare.lock);
}

bool outcome_is_open(const struct outcome *o)
{
	return o->state == OPEN;
}

static bool change(struct outcome *o, unsigned from, unsigned to)
{
	return atomic_compare_exchange_strong(&o->state, &from, to);
}

bool outcome_claim(struct outcome *o)
{
	if (change(o, OPEN, CLAIMED))
		return true;
	drop(o);
	return false;
}

void outcome_tell(struct outcome *o, int rc)
{
	o->rc = rc;
	o->state = TOLD;
	futex_wake(&o->state, 1);
}

/* Leave it to the dialler to drop the outcome; if that has claimed it, hear it out instead. */
static bool leave(struct outcome *o)
{
	return change(o, OPEN, LEFT);
}

static int hear(struct outcome *o)
{
	for (unsigned state; (state = o->state) != TOLD;)
		futex_wait(&o->state, state, NULL);
	const int rc = o->rc;
	drop(o);
	return rc;
}

static void leave_for_good(void *o)
{
	if (!leave(o))
		hear(o);
}

/* Returns 0 once the outcome is claimed, or why the caller waits no longer. */
static int wait(struct outcome *o, int64_t until)
{
	while (o->state == OPEN) {
		const int rc = cancel_futex_wait(&o->state, OPEN, until);
		if (rc == -ETIMEDOUT)
			return -EINPROGRESS;
		if (rc == -EINTR)
			return -EINTR;
	}
	return 0;
}

int outcome_await(struct outcome *o, int64_t until)
{
	struct cleanup cleanup;

	cleanup_begin(&cleanup, leave_for_good, o);
	const int rc = wait(o, until);
	cleanup_end(&cleanup);
	return rc && leave(o) ? rc : hear(o);
}
