/* SPDX-License-Identifier: MIT */
/* listener: the program's side of it: its numbers, its accept(), and the socket on loopback. */
#include "listen/listener.h"

#include <string.h>

#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "fd/epoll.h"
#include "listen/arrival.h"
#include "listen/heir.h"

enum { LEAST = 2 * ARRIVAL_ROOM }; /* the backlog of the socket on loopback, where strangers may come, too */

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
	struct listener *const l = owner_listener(app, route, fd);

	if (!l)
		return -ENOBUFS;
	const int rc = binding_wait(&l->binding);
	if (rc == 0 && become(entry, fd, cookie, l)) {
		binding_tell(&l->binding, &l->binding.next);
		return 0;
	}
	const bool failed = rc && !fd_entry_is(entry, FD_LISTENING); /* nor has another thread's been answered */
	if (failed)
		dial_report(&l->binding.dialling.dial, rc);
	owner_release(l);
	return failed ? rc : 0;
}

static void enter(struct listener *l, atomic_uint *as)
{
	lock_take(&l->lock);
	++*as;
	lock_give(&l->lock);
}

struct listener *listener_enter(struct fd_entry *entry, int fd)
{
	lock_take(&entry->lock);
	struct listener *const l = at(entry, fd);
	if (l)
		enter(l, &l->calls);
	lock_give(&entry->lock);
	return l;
}

/* Once the program has called listen() the engine frees it. A call that was at work when a child was forked is not counted there. */
static void leave(struct listener *l, atomic_uint *as)
{
	lock_take(&l->lock);
	if (*as)
		--*as;
	const bool last = !l->numbers && !l->calls, started = l->started;
	if (last && started)
		heir_leave(l);
	lock_give(&l->lock);
	if (last && !started)
		owner_release(l);
}

void listener_leave(struct listener *l)
{
	leave(l, &l->calls);
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

static uint16_t bound_port(int fd)
{
	struct endpoint own = {0};
	socklen_t len = sizeof(own);

	return sys_getsockname(fd, &own.sa, &len) ? 0 : ntohs(own.in4.sin_port); /* in6's place, too */
}

/* Where peers arrive on this machine. */
struct place {
	int socket;
	struct addr at;
	struct share share;
};

/* The entry and the listener are locked. Returns 0 or -errno. */
static int put(struct listener *l, struct fd_entry *entry, int fd, struct place *p)
{
	const int rc = fd_epoll_replace(entry, fd, p->socket);

	if (rc)
		return rc;
	entry->cookie = l->cookie = fd_entry_cookie(fd);
	l->at = p->at;
	l->share = p->share;
	p->share = share_none;
	l->started = true;
	return 0;
}

/* Only the first of several threads puts its socket there; the others return when it is in place. Returns 1 for the first, 0, or -errno. */
static int put_in_place(struct listener *l, struct fd_entry *entry, int fd, struct place *p)
{
	lock_take(&entry->lock);
	lock_take(&l->lock);
	int rc = at(entry, fd) == l ? 0 : -EBADF; /* another thread has closed it */
	const bool first = rc == 0 && !l->started;
	if (first)
		rc = put(l, entry, fd, p);
	lock_give(&l->lock);
	lock_give(&entry->lock);
	if (first)
		fd_epoll_return(entry, fd);
	return rc ? rc : first;
}

static int find_place(const struct listener *l, int fd, int backlog, struct place *p)
{
	const int family = l->binding.family;
	const uint16_t port = bound_port(fd);

	p->socket = clone_make(fd, family);
	const int rc = p->socket < 0 ? p->socket : listen_on_loopback(p->socket, family, backlog < LEAST ? LEAST : backlog, &p->at);
	return rc ? rc : share_open(&p->share, &l->binding, port);
}

/* Let peers come. */
static int start(struct listener *l, int fd, struct fd_entry *entry, int backlog)
{
	struct place p = {.share = share_none};
	int rc = find_place(l, fd, backlog, &p);

	if (rc == 0)
		rc = put_in_place(l, entry, fd, &p);
	own_close(p.socket);
	share_close(&p.share);
	if (rc == 1)
		owner_begin(l);
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
	const int rc = has_started(l) ? 0 : start(l, fd, entry, backlog);
	listener_leave(l);
	return rc;
}

bool listener_name(struct fd_entry *entry, int fd, struct endpoint *name)
{
	struct listener *const l = listener_enter(entry, fd);

	if (!l)
		return false;
	if (has_started(l))
		share_await_name(&l->share, name); /* that which is known serves nobody any more */
	else
		*name = l->binding.next;
	listener_leave(l);
	return true;
}

/* The connection was nonblocking for us. */
static int put_peer(const struct arrival *a, int carrier, int fd, int flags)
{
	clone_copy_settings(fd, carrier);
	if (sys.dup3(carrier, fd, flags & SOCK_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -errno;
	const int status = sys.fcntl(fd, F_GETFL);
	sys.fcntl(fd, F_SETFL, flags & SOCK_NONBLOCK ? status | O_NONBLOCK : status & ~O_NONBLOCK);
	struct fd_entry *const entry = fd_entry_make(fd);
	if (entry)
		fd_entry_connected(entry, fd, &a->peer);
	bound_name_put(fd_entry_cookie(fd), &a->name);
	return 0;
}

int listener_take(struct listener *l, int fd, int flags, struct endpoint *peer)
{
	struct arrival a;
	const int carrier = arrival_take(&l->share, &a);

	if (carrier < 0)
		return carrier == -EAGAIN ? -ECONNABORTED : carrier;
	const int rc = put_peer(&a, carrier, fd, flags);
	own_close(carrier);
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
		leave(l, &l->numbers);
}

bool listener_verify(struct fd_entry *entry, int fd)
{
	lock_take(&entry->lock);
	const bool same = at(entry, fd);
	struct listener *const l = same ? NULL : forget(entry);
	lock_give(&entry->lock);
	if (l)
		leave(l, &l->numbers);
	return same;
}

void listener_copied(struct fd_entry *from, int fd, struct fd_entry *to)
{
	struct listener *const l = listener_enter(from, fd);

	if (!l)
		return;
	enter(l, &l->numbers);
	if (!become(to, fd, fd_entry_cookie(fd), l))
		leave(l, &l->numbers);
	listener_leave(l);
}

static struct fd_entry *attach(int fd, struct listener *l)
{
	struct fd_entry *const entry = l ? fd_entry_make(fd) : NULL;

	if (!l || (entry && become(entry, fd, l->cookie, l)))
		return entry;
	leave(l, &l->numbers);
	return entry && listener_verify(entry, fd) ? entry : NULL; /* another thread was faster */
}

struct fd_entry *listener_inherit(int fd, const struct app *app)
{
	return attach(fd, heir_listener(fd, app));
}

void listener_succeed(int fd, const struct app *app, struct share *s)
{
	attach(fd, heir_successor(fd, app, s));
}
