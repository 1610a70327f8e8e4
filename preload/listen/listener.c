/* SPDX-License-Identifier: MIT */
/* listener: the program's side of it: its numbers, its accept(), and the socket on loopback. */
#include "listen/listener.h"

#include <string.h>

#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "fd/epoll.h"
#include "listen/arrival.h"

static bool is_ipv6_alone(int fd)
{
	int is = false;
	socklen_t len = sizeof(is);

	return sys.getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &is, &len) == 0 && is;
}

/* Returns what `fd` listens by, NULL if it does not. The entry is locked: only so do the number's socket and the cookie change together. */
static struct listener *at(const struct fd_entry *entry, int fd)
{
	return fd_entry_is(entry, FD_LISTENING) && entry->cookie == fd_entry_cookie(fd) ? entry->listening : NULL;
}

/* Returns false if another thread was faster, or the number means another socket by now. */
static bool become(struct fd_entry *entry, int fd, uint64_t cookie, struct listener *l)
{
	lock_take(&entry->lock);
	const bool first = !fd_entry_is(entry, FD_LISTENING) && fd_entry_cookie(fd) == cookie;
	if (first) {
		fd_entry_become(entry, FD_LISTENING);
		entry->cookie = cookie;
		entry->listening = l;
		fd_entry_set(entry, FD_LISTENING);
	}
	lock_give(&entry->lock);
	return first;
}

int listener_bind(int fd, struct fd_entry *entry, const struct app *app, const struct route *route)
{
	const uint64_t cookie = fd_entry_cookie(fd);
	struct listener *const l = arrival_listener(app, route, sys_option(fd, SO_DOMAIN), is_ipv6_alone(fd));

	if (!l)
		return -ENOBUFS;
	const int rc = binding_wait(&l->binding);
	l->name = l->binding.next;
	l->asking = false;
	if (rc == 0 && become(entry, fd, cookie, l)) {
		binding_tell(&l->binding, &l->name);
		return 0;
	}
	const bool failed = rc && !fd_entry_is(entry, FD_LISTENING); /* nor has another thread's been answered */
	if (failed)
		dial_report(&l->binding.dialling.dial, rc);
	arrival_release(l);
	return failed ? rc : 0;
}

static void enter(struct listener *l)
{
	lock_take(&l->lock);
	l->users++;
	lock_give(&l->lock);
}

struct listener *listener_enter(struct fd_entry *entry, int fd)
{
	lock_take(&entry->lock);
	struct listener *const l = at(entry, fd);
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
	if (last && l->busy && l->dialled >= 0)
		sys.shutdown(l->dialled, SHUT_RDWR); /* the engine finds nobody left, and frees it */
	lock_give(&l->lock);
	if (idle)
		arrival_release(l);
	else if (last)
		engine_look();
}

bool listener_is_ours(const struct listener *l)
{
	return l->owner == getpid();
}

static int listen_on_loopback(int socket, int family, int backlog, struct addr *at)
{
	const struct addr any = addr_loopback(family, 0);
	struct sockaddr_storage name;
	socklen_t len = addr_to_sockaddr(&any, &name, family);

	if (sys_bind(socket, (struct sockaddr *)&name, len) || sys_listen(socket, backlog) ||
	    sys_getsockname(socket, (struct sockaddr *)&name, &len))
		return -errno;
	return addr_from_sockaddr(at, (struct sockaddr *)&name, len) ? 0 : -EINVAL;
}

/* The entry and the listener are locked. Returns 0 or -errno. */
static int put(struct listener *l, struct fd_entry *entry, int fd, int socket, const struct addr *where)
{
	const int rc = fd_epoll_replace(entry, fd, socket);

	if (rc)
		return rc;
	entry->cookie = fd_entry_cookie(fd);
	l->at = *where;
	l->started = l->busy = true;
	return 0;
}

/* Only the first of several threads puts its socket there; the others return when it is in place. Returns 1 for the first, 0, or -errno. */
static int put_in_place(struct listener *l, struct fd_entry *entry, int fd, int socket, const struct addr *where)
{
	lock_take(&entry->lock);
	lock_take(&l->lock);
	int rc = at(entry, fd) == l ? 0 : -EBADF; /* another thread has closed it */
	const bool first = rc == 0 && !l->started;
	if (first)
		rc = put(l, entry, fd, socket, where);
	lock_give(&l->lock);
	lock_give(&entry->lock);
	if (first)
		fd_epoll_return(entry, fd);
	return rc ? rc : first;
}

/* Let peers come. */
static int start(struct listener *l, int fd, struct fd_entry *entry, int backlog)
{
	struct addr where;
	const int socket = clone_make(fd, l->binding.family);
	int rc = socket < 0 ? socket
			    : listen_on_loopback(socket, l->binding.family, backlog < ARRIVAL_ROOM ? ARRIVAL_ROOM : backlog, &where);

	if (rc == 0)
		rc = put_in_place(l, entry, fd, socket, &where);
	own_close(socket);
	if (rc == 1)
		binding_await_peer(&l->binding);
	return rc < 0 ? rc : 0;
}

static bool has_started(struct listener *l)
{
	lock_take(&l->lock);
	const bool started = l->started;
	lock_give(&l->lock);
	return started;
}

int listener_start(int fd, struct fd_entry *entry, int backlog)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return -EBADF; /* another thread has closed it */
	int rc = listener_is_ours(l) ? 0 : -EINVAL;
	if (rc == 0 && !has_started(l))
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
		binding_begin(&l->binding);
	if (!found)
		return -ECONNABORTED;
	const int rc = put_peer(&a, fd, flags);
	own_close(a.carrier);
	own_close(a.token);
	*peer = a.peer;
	return rc;
}

/* The entry is locked. */
static struct listener *forget(struct fd_entry *entry)
{
	struct listener *const l = fd_entry_is(entry, FD_LISTENING) ? entry->listening : NULL;

	fd_entry_clear(entry, FD_LISTENING);
	return l;
}

void listener_closed(struct fd_entry *entry)
{
	lock_take(&entry->lock);
	struct listener *const l = forget(entry);
	lock_give(&entry->lock);
	if (l)
		listener_leave(l);
}

bool listener_verify(struct fd_entry *entry, int fd)
{
	lock_take(&entry->lock);
	const bool same = at(entry, fd);
	struct listener *const l = same ? NULL : forget(entry);
	lock_give(&entry->lock);
	if (l)
		listener_leave(l);
	return same;
}

void listener_copied(struct fd_entry *from, int fd, struct fd_entry *to)
{
	struct listener *const l = listener_enter(from, fd);

	if (l && !become(to, fd, fd_entry_cookie(fd), l))
		listener_leave(l);
}
