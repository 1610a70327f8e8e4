/* SPDX-License-Identifier: MIT */
/* listener: the program's side of it: its numbers, its accept(), and the socket on loopback. */
#include "listen/listener.h"

#include <string.h>

#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "fd/bound_name.h"
#include "fd/epoll.h"
#include "listen/binding.h"

/* Returns false if another thread was faster. */
static bool become(struct fd_entry *entry, int fd, struct listener *l)
{
	lock_take(&entry->lock);
	const bool first = !fd_entry_is(entry, FD_LISTENING);
	if (first) {
		fd_entry_become(entry, FD_LISTENING);
		entry->cookie = fd_entry_cookie(fd);
		entry->listening = l;
		fd_entry_set(entry, FD_LISTENING);
	}
	lock_give(&entry->lock);
	return first;
}

int listener_bind(int fd, struct fd_entry *entry, const struct app *app, const struct route *route)
{
	struct listener *const l = pages_take(sizeof(*l));

	if (!l)
		return -ENOBUFS;
	l->app = app;
	l->route = route;
	l->family = sys_option(fd, SO_DOMAIN);
	l->users = 1;
	l->owner = getpid();
	const int rc = binding_wait(l);
	if (rc) {
		dial_report(&l->dialling.dial, rc);
		binding_release(l);
		return rc;
	}
	l->name = l->next;
	if (become(entry, fd, l))
		binding_tell(l, &l->name);
	else
		binding_release(l);
	return 0;
}

static void enter(struct listener *l)
{
	lock_take(&l->lock);
	l->users++;
	lock_give(&l->lock);
}

struct listener *listener_enter(struct fd_entry *entry, int fd)
{
	const uint64_t cookie = fd_entry_cookie(fd);

	lock_take(&entry->lock);
	struct listener *const l = fd_entry_is(entry, FD_LISTENING) && entry->cookie == cookie ? entry->listening : NULL;
	if (l)
		enter(l);
	lock_give(&entry->lock);
	return l;
}

void listener_leave(struct listener *l)
{
	if (!listener_is_ours(l)) /* in a child: all else is its parent's */
		return;
	lock_take(&l->lock);
	const bool last = --l->users == 0, idle = last && !l->busy;
	if (last && l->busy && l->dialling.job.fd >= 0)
		sys.shutdown(l->dialling.job.fd, SHUT_RDWR); /* the engine finds nobody left, and frees it */
	lock_give(&l->lock);
	if (idle)
		binding_release(l);
	else if (last)
		engine_look();
}

bool listener_is_ours(const struct listener *l)
{
	return l->owner == getpid();
}

static int listen_on_loopback(struct listener *l, int socket, int backlog)
{
	const struct addr any = addr_loopback(l->family, 0);
	struct sockaddr_storage at;
	socklen_t len = addr_to_sockaddr(&any, &at, l->family);

	if (__extension__ sys.bind(socket, (struct sockaddr *)&at, len) || sys_listen(socket, backlog) ||
	    __extension__ sys.getsockname(socket, (struct sockaddr *)&at, &len))
		return -errno;
	return addr_from_sockaddr(&l->at, (struct sockaddr *)&at, len) ? 0 : -EINVAL;
}

static int put_in_place(struct fd_entry *entry, int fd, int socket)
{
	lock_take(&entry->lock);
	const int rc = fd_epoll_replace(entry, fd, socket);
	if (rc == 0)
		entry->cookie = fd_entry_cookie(fd);
	lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return rc;
}

/* Let peers come. Only the first who calls does that. */
static int start(struct listener *l, int fd, struct fd_entry *entry, int backlog)
{
	const int socket = clone_make(fd, l->family);
	int rc = socket < 0 ? socket : listen_on_loopback(l, socket, backlog < BINDING_ROOM ? BINDING_ROOM : backlog);

	if (rc == 0)
		rc = put_in_place(entry, fd, socket);
	own_close(socket);
	if (rc == 0)
		binding_await_peer(l);
	else
		l->busy = l->started = false;
	return rc;
}

static bool is_first(struct listener *l)
{
	lock_take(&l->lock);
	const bool first = !l->started;
	l->busy = l->busy || first;
	l->started = true;
	lock_give(&l->lock);
	return first;
}

int listener_start(int fd, struct fd_entry *entry, int backlog)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return -EBADF; /* another thread has closed it */
	int rc = listener_is_ours(l) ? 0 : -EINVAL;
	if (rc == 0 && is_first(l))
		rc = start(l, fd, entry, backlog);
	listener_leave(l);
	return rc;
}

static void wait_name(struct listener *l, struct endpoint *name)
{
	while (l->asking && listener_is_ours(l)) /* the address that is known serves nobody any more */
		futex_wait(&l->asking, true, NULL);
	lock_take(&l->lock);
	*name = l->name;
	lock_give(&l->lock);
}

bool listener_name(struct fd_entry *entry, int fd, struct endpoint *name)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return false;
	wait_name(l, name);
	listener_leave(l);
	return true;
}

static bool find(struct listener *l, const struct endpoint *from, struct arrival *a)
{
	for (int i = 0; i < l->n; i++)
		if (l->arrivals[i].port == ntohs(from->in4.sin_port)) {
			*a = l->arrivals[i];
			memmove(&l->arrivals[i], &l->arrivals[i + 1], (size_t)(--l->n - i) * sizeof(*a));
			return true;
		}
	return false;
}

/* The connection was nonblocking for us. */
static int put_peer(const struct arrival *a, int fd, int flags)
{
	clone_copy_settings(fd, a->carrier);
	if (sys.dup3(a->carrier, fd, flags & SOCK_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -errno;
	const int status = sys.fcntl(fd, F_GETFL);
	sys.fcntl(fd, F_SETFL, flags & SOCK_NONBLOCK ? status | O_NONBLOCK : status & ~O_NONBLOCK);
	struct fd_entry *const entry = fd_entry_make(fd);
	if (entry)
		fd_entry_connected(entry, fd, &a->peer);
	bound_name_put(fd_entry_cookie(fd), &a->name);
	return 0;
}

int listener_take(struct listener *l, int fd, const struct endpoint *from, int flags, struct endpoint *peer)
{
	struct arrival a;

	lock_take(&l->lock);
	const bool found = find(l, from, &a), resume_now = found && l->full && !l->busy;
	l->busy = l->busy || resume_now;
	lock_give(&l->lock);
	if (resume_now)
		binding_begin(l);
	if (!found)
		return -ECONNABORTED;
	const int rc = put_peer(&a, fd, flags);
	own_close(a.carrier);
	own_close(a.token);
	*peer = a.peer;
	return rc;
}

void listener_closed(struct fd_entry *entry)
{
	lock_take(&entry->lock);
	struct listener *const l = fd_entry_is(entry, FD_LISTENING) ? entry->listening : NULL;
	fd_entry_clear(entry, FD_LISTENING);
	lock_give(&entry->lock);
	if (l)
		listener_leave(l);
}

void listener_copied(struct fd_entry *from, int fd, struct fd_entry *to)
{
	struct listener *const l = listener_enter(from, fd);

	if (l && !become(to, fd, l))
		listener_leave(l);
}
