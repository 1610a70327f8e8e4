/* SPDX-License-Identifier: MIT */
/* limit: raise RLIMIT_NOFILE for one call, and restore it. */
#include "fd/limit.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "core/base/lock.h"
#include "core/base/pages.h"
#include "fd/fork_gate.h"

/* One less than the hard limit: no program chooses that itself, so a process that has it got it from here. */
EARLY static _Atomic rlim_t raised;
static _Atomic rlim_t programs; /* what it was before */
static struct lock lock;

/* Keep forks away, as a child would have the higher limit for good. Returns false while another thread forks. */
static bool enter(void)
{
	fork_gate_use();
	lock_take(&lock);
	if (fork_gate_enter())
		return true;
	lock_give(&lock);
	return false;
}

static void leave(void)
{
	fork_gate_leave();
	lock_give(&lock);
}

static bool raise_limit(struct rlimit *before)
{
	if (getrlimit(RLIMIT_NOFILE, before) || before->rlim_cur > LIMIT_FAR || before->rlim_cur + 1 >= before->rlim_max)
		return false;
	programs = before->rlim_cur;
	raised = before->rlim_max - 1;
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit){raised, before->rlim_max}) == 0;
}

/* Another thread may have set a limit of its own meanwhile. */
static void restore_limit(const struct rlimit *before)
{
	struct rlimit now;

	if (prlimit(0, RLIMIT_NOFILE, before, &now) == 0 && now.rlim_cur != raised)
		setrlimit(RLIMIT_NOFILE, &now);
}

int limit_beyond(int (*make)(int, void *), void *arg, int *own)
{
	struct rlimit before = {0};
	int rc = -EMFILE;

	const bool entered = enter();
	if (!entered)
		getrlimit(RLIMIT_NOFILE, &before);
	else if (raise_limit(&before)) {
		rc = make((int)before.rlim_cur, arg);
		restore_limit(&before);
	}
	if (entered)
		leave();
	if (own)
		*own = before.rlim_cur < INT_MAX ? (int)before.rlim_cur : INT_MAX;
	return rc;
}

void limit_run_beyond(void (*f)(void))
{
	struct rlimit before;
	const bool high = raise_limit(&before);

	f();
	if (high)
		restore_limit(&before);
}

void limit_own_again(void)
{
	struct rlimit now;

	if (raised && getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == raised)
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){programs, now.rlim_max});
}
