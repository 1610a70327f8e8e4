/* epoll: remember registrations, so that they can move from a placeholder to the connected socket. */
#include "hook/hook.h"
#include "net/slot.h"
#include "net/watch.h"

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	const int saved = errno;
	struct slot *slot = slot_make(fd);

	if (!slot || (!event && op != EPOLL_CTL_DEL))
		return sys.epoll_ctl(epfd, op, fd, event);
	slot_lock(slot);
	const int rc = watch_ctl(slot, epfd, op, fd, event);
	slot_unlock(slot);
	return (int)hook_result(rc, saved);
}
