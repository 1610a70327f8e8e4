/* watch: one registration of a descriptor in an epoll set, so that it can move to another socket under the same number. */
#include "net/watch.h"

#include <errno.h>
#include <stdbool.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/slot.h"

/* Nodes stay with their slot for ever and are used again: a number has seldom been in more than one set. */
struct watch {
	struct watch *next;
	int epfd; /* -1: free */
	bool left;
	struct epoll_event event;
};

static struct watch *find(struct slot *slot, int epfd)
{
	for (struct watch *w = slot->watches; w; w = w->next)
		if (w->epfd == epfd)
			return w;
	return NULL;
}

static struct watch *make(struct slot *slot)
{
	struct watch *w = find(slot, -1);

	if (w)
		return w;
	w = pool_take(sizeof(*w));
	if (!w)
		return NULL;
	w->epfd = -1;
	w->next = slot->watches;
	slot->watches = w;
	slot_set(slot, SLOT_WATCHED);
	return w;
}

/* While the number is between two sockets the kernel does not know of a registration that we know of. */
static int control(struct slot *slot, const struct watch *w, int epfd, int op, int fd, struct epoll_event *event)
{
	const int rc = (int)sys_rc(sys.epoll_ctl(epfd, op, fd, event));

	if (rc != -ENOENT || !w || !slot_is(slot, SLOT_MOVING))
		return rc;
	return op == EPOLL_CTL_DEL ? 0 : (int)sys_rc(sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, event));
}

int watch_ctl(struct slot *slot, int epfd, int op, int fd, struct epoll_event *event)
{
	struct watch *w = find(slot, epfd);

	if (op != EPOLL_CTL_DEL && !w)
		w = make(slot);
	if (op != EPOLL_CTL_DEL && !w)
		return -ENOMEM;
	const int rc = control(slot, w, epfd, op, fd, event);
	if (rc)
		return rc;
	if (op == EPOLL_CTL_DEL && w)
		w->epfd = -1;
	if (op != EPOLL_CTL_DEL) {
		w->epfd = epfd;
		w->event = *event;
		slot_set(slot, SLOT_WATCHED);
	}
	return 0;
}

static void leave_all(struct slot *slot, int fd)
{
	for (struct watch *w = slot ? slot->watches : NULL; w; w = w->next) {
		/* It is not there if the set was closed and its number now means something else: then do not put it back. */
		w->left = w->epfd >= 0 && sys.epoll_ctl(w->epfd, EPOLL_CTL_DEL, fd, &w->event) == 0;
		if (!w->left)
			w->epfd = -1;
	}
}

int watch_replace(struct slot *slot, int fd, int from)
{
	const int flags = sys.fcntl(fd, F_GETFD);

	if (flags < 0)
		return -errno;
	if (slot)
		slot_set(slot, SLOT_MOVING);
	leave_all(slot, fd);
	const long rc = sys_rc(sys.dup3(from, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0));
	return rc < 0 ? (int)rc : 0;
}

/* Under the lock: what is to be put back, if the application has not done so or taken it out in the meantime. */
static bool to_return(struct slot *slot, struct watch *w, struct watch *copy)
{
	slot_lock(slot);
	*copy = *w;
	w->left = false;
	slot_unlock(slot);
	return copy->left && copy->epfd >= 0;
}

static void undo_if_deleted(struct slot *slot, const struct watch *w, const struct watch *copy, int fd)
{
	slot_lock(slot);
	if (w->epfd != copy->epfd)
		sys.epoll_ctl(copy->epfd, EPOLL_CTL_DEL, fd, &(struct epoll_event){0});
	slot_unlock(slot);
}

void watch_return(struct slot *slot, int fd)
{
	struct watch copy;

	for (struct watch *w = slot ? slot->watches : NULL; w; w = w->next) {
		if (!to_return(slot, w, &copy))
			continue;
		sys.epoll_ctl(copy.epfd, EPOLL_CTL_ADD, fd, &copy.event);
		undo_if_deleted(slot, w, &copy, fd);
	}
	if (slot)
		slot_clear(slot, SLOT_MOVING);
}

void watches_forget(struct slot *slot)
{
	for (struct watch *w = slot->watches; w; w = w->next)
		w->epfd = -1;
}
