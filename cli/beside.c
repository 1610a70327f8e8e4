/* SPDX-License-Identifier: MIT */
/* beside: log in while there is one thread and no child, and serve when the child is there. */
#include "beside.h"

#include "child.h"
#include "cli/hops/hops.h"
#include "say.h"

struct work {
	int (*work)(void *);
	void *arg;
};

static int do_work(void *work)
{
	const struct work *const w = work;

	hops_leave();
	return w->work(w->arg);
}

int beside_hops(const struct config *c, const struct route *only, int (*work)(void *), void *arg)
{
	struct work w = {work, arg};
	int status = 0;

	if (!hops_start(c, only))
		return STATUS_FAILED;
	const pid_t pid = child_start(do_work, &w);
	if (pid > 0) {
		hops_serve(c);
		status = child_wait(pid, NULL, 0, NULL);
	}
	hops_stop();
	return pid > 0 ? child_end(status) : STATUS_FAILED;
}
