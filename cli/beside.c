/* SPDX-License-Identifier: MIT */
/* beside: log in while there is one thread and no child, and serve when the child is there. */
#include "beside.h"

#include "child.h"
#include "cli/hops/hops.h"
#include "say.h"

struct work {
	int (*work)(void *);
	void *arg;
	struct sigaction ignored; /* what SIGCHLD was */
};

static int do_work(void *work)
{
	const struct work *const w = work;

	hops_leave();
	child_restore(&w->ignored);
	return w->work(w->arg);
}

int beside_hops(const struct config *c, const struct route *only, bool try, int (*work)(void *), void *arg)
{
	struct work w = {.work = work, .arg = arg};
	int status = 0;

	child_heed(&w.ignored);
	if (!hops_start(c, only, try))
		return STATUS_FAILED;
	const pid_t pid = child_start(do_work, &w);
	if (pid > 0) {
		hops_serve(c);
		status = child_wait(pid, NULL);
	}
	hops_stop();
	return pid > 0 ? child_end(status) : STATUS_FAILED;
}
