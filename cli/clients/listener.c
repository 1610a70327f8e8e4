/* SPDX-License-Identifier: MIT */
/* listener: take clients until none waits. */
#include "cli/clients/listener.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "core/base/clock.h"

enum { PAUSE_MS = 100 };

/* Without a descriptor for it a client waits in the kernel's queue; no event tells when there is one again. */
static bool step(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, job, j);
	int fd;

	while ((fd = accept4(j->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		l->accepted(l, fd);
	j->limit = errno == EAGAIN ? INT64_MAX : clock_in_ms(errno == ECONNABORTED || errno == EINTR ? 0 : PAUSE_MS);
	return true;
}

void listener_start(struct listener *l)
{
	l->job.step = step;
	l->job.limit = INT64_MAX;
	engine_submit(&l->job);
}

void listener_use_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}
