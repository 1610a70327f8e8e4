/* SPDX-License-Identifier: MIT */
/* epoll: remember registrations, so that they can move from a decoy to the connected socket. */
#include "fd/epoll.h"
#include "core/base/caller.h"
#include "fd/table.h"
#include "hook/hook.h"

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_make(fd);
	struct epoll_event copy;

	if (op != EPOLL_CTL_DEL && !caller_read(&copy, event, sizeof(copy)))
		return sys.epoll_ctl(epfd, op, fd, caller_nowhere());
	if (!entry)
		return sys.epoll_ctl(epfd, op, fd, event);
	lock_take(&entry->lock);
	const int rc = fd_epoll_ctl(entry, epfd, op, fd, op == EPOLL_CTL_DEL ? NULL : &copy);
	lock_give(&entry->lock);
	return (int)hook_result(rc, saved);
}
