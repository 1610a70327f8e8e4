/* SPDX-License-Identifier: MIT */
/* limit: raise RLIMIT_NOFILE for one call, and restore it. */
#include "fd/limit.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

int limit_beyond(int (*make)(void *), void *arg)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return -EMFILE;
	raised = limit;
	raised.rlim_cur = limit.rlim_cur > limit.rlim_max / 2 ? limit.rlim_max : limit.rlim_cur * 2;
	if (setrlimit(RLIMIT_NOFILE, &raised))
		return -EMFILE;
	const int rc = make(arg);
	setrlimit(RLIMIT_NOFILE, &limit);
	return rc;
}

void limit_run_beyond(void (*f)(void))
{
	struct rlimit limit;
	const bool low = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max;

	if (low)
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){limit.rlim_max, limit.rlim_max});
	f();
	if (low)
		setrlimit(RLIMIT_NOFILE, &limit);
}
