/* SPDX-License-Identifier: MIT */
/* ready: wait if the socket blocks, and tell a failure as the kernel tells its own: to the first who asks. */
#include "fd/ready.h"

#include <sys/time.h>

#include "core/base/clock.h"
#include "core/base/sys.h"
#include "fd/entered.h"
#include "fd/table.h"

int64_t fd_patience(int fd, int timeout)
{
	struct timeval limit = {0};
	socklen_t len = sizeof(limit);

	if (sys.getsockopt(fd, SOL_SOCKET, timeout, &limit, &len) || (!limit.tv_sec && !limit.tv_usec))
		return INT64_MAX;
	return clock_in_ms((int64_t)limit.tv_sec * 1000 + limit.tv_usec / 1000);
}

static int await(struct fd_entry *entry, int fd, int flags, int timeout)
{
	const struct entered in = fd_enter(fd);
	const bool pending = in.fd != fd, blocking = !(flags & MSG_DONTWAIT) && !(sys.fcntl(in.fd, F_GETFL) & O_NONBLOCK);
	const int64_t until = pending && blocking ? fd_patience(in.fd, timeout) : 0;

	fd_leave(in);
	const int rc = !pending ? 0 : blocking ? fd_entry_await_until(entry, until) : -EALREADY;
	return rc == -EALREADY ? -EAGAIN : rc;
}

int fd_failure(struct fd_entry *entry, int fd)
{
	int theirs;
	socklen_t len = sizeof(theirs);

	if (!fd_entry_is(entry, FD_FAILED) || !fd_entry_verify(entry, fd))
		return 0;
	fd_entry_clear(entry, FD_FAILED);
	sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &theirs, &len);
	return entry->stream.error;
}

int fd_ready(int fd, int flags, int timeout)
{
	struct fd_entry *entry = fd_entry_find(fd);
	int rc = 0;

	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_FAILED))
		return 0;
	if (fd_entry_is(entry, FD_PENDING))
		rc = await(entry, fd, flags, timeout);
	return rc ? rc : -fd_failure(entry, fd);
}
