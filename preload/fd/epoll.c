/* SPDX-License-Identifier: MIT */
/* epoll: remember each registration, take it out while the number changes its socket, and put it back afterwards. */
#include "fd/epoll.h"

#include <errno.h>
#include <stdbool.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/table.h"

/* Nodes stay with their entry for ever and are reused: a number is seldom in more than one set. */
struct registration {
	struct registration *next;
	int epfd; /* -1: free */
	bool left;
	struct epoll_event event;
};

static struct registration *find(struct fd_entry *entry, int epfd)
{
	for (struct registration *r = entry->registrations; r; r = r->next)
		if (r->epfd == epfd)
			return r;
	return NULL;
}

static struct registration *make(struct fd_entry *entry)
{
	struct registration *r = find(entry, -1);

	if (r)
		return r;
	r = pages_take_small(sizeof(*r));
	if (!r)
		return NULL;
	r->epfd = -1;
	r->next = entry->registrations;
	entry->registrations = r;
	fd_entry_set(entry, FD_REGISTERED);
	return r;
}

/* While a number changes its socket, the kernel lacks a registration that we remember: hide that from the application. */
static int control(struct fd_entry *entry, const struct registration *r, int epfd, int op, int fd, struct epoll_event *event)
{
	const int rc = (int)sys_rc(sys.epoll_ctl(epfd, op, fd, event));

	if (rc != -ENOENT || !r || !fd_entry_is(entry, FD_MOVING))
		return rc;
	return op == EPOLL_CTL_DEL ? 0 : (int)sys_rc(sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, event));
}

int fd_epoll_ctl(struct fd_entry *entry, int epfd, int op, int fd, struct epoll_event *event)
{
	struct registration *r = find(entry, epfd);

	if (op != EPOLL_CTL_DEL && !r)
		r = make(entry);
	if (op != EPOLL_CTL_DEL && !r)
		return -ENOMEM;
	const int rc = control(entry, r, epfd, op, fd, event);
	if (rc)
		return rc;
	if (op == EPOLL_CTL_DEL && r)
		r->epfd = -1;
	if (op != EPOLL_CTL_DEL) {
		r->epfd = epfd;
		r->event = *event;
		fd_entry_set(entry, FD_REGISTERED);
	}
	return 0;
}

static void leave_all(struct fd_entry *entry, int fd)
{
	for (struct registration *r = entry ? entry->registrations : NULL; r; r = r->next) {
		/* The kernel does not find the registration if the set was closed and its number means something else now: then forget
		 * it. */
		r->left = r->epfd >= 0 && sys.epoll_ctl(r->epfd, EPOLL_CTL_DEL, fd, &r->event) == 0;
		if (!r->left)
			r->epfd = -1;
	}
}

int fd_epoll_replace(struct fd_entry *entry, int fd, int from)
{
	const int flags = sys.fcntl(fd, F_GETFD);

	if (flags < 0)
		return -errno;
	if (entry)
		fd_entry_set(entry, FD_MOVING);
	leave_all(entry, fd);
	const long rc = sys_rc(sys.dup3(from, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0));
	return rc < 0 ? (int)rc : 0;
}

/* Take a registration to put back, under the lock; false if the application has put it back or deleted it meanwhile. */
static bool to_return(struct fd_entry *entry, struct registration *r, struct registration *copy)
{
	lock_take(&entry->lock);
	*copy = *r;
	r->left = false;
	lock_give(&entry->lock);
	return copy->left && copy->epfd >= 0;
}

static void undo_if_deleted(struct fd_entry *entry, const struct registration *r, const struct registration *copy, int fd)
{
	lock_take(&entry->lock);
	if (r->epfd != copy->epfd)
		sys.epoll_ctl(copy->epfd, EPOLL_CTL_DEL, fd, &(struct epoll_event){0});
	lock_give(&entry->lock);
}

void fd_epoll_return(struct fd_entry *entry, int fd)
{
	struct registration copy;

	for (struct registration *r = entry ? entry->registrations : NULL; r; r = r->next) {
		if (!to_return(entry, r, &copy))
			continue;
		sys.epoll_ctl(copy.epfd, EPOLL_CTL_ADD, fd, &copy.event);
		undo_if_deleted(entry, r, &copy, fd);
	}
	if (entry)
		fd_entry_clear(entry, FD_MOVING);
}

int fd_epoll_exchange(struct fd_entry *entry, int fd, int from)
{
	if (entry)
		lock_take(&entry->lock);
	const int rc = fd_epoll_replace(entry, fd, from);
	if (entry)
		lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return rc;
}

void fd_epoll_forget(struct fd_entry *entry)
{
	for (struct registration *r = entry->registrations; r; r = r->next)
		r->epfd = -1;
}

void fd_epoll_leave(struct fd_entry *entry, int fd)
{
	leave_all(entry, fd);
	fd_epoll_forget(entry);
}
