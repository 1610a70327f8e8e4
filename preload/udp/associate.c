/* SPDX-License-Identifier: MIT */
/* udp: find or set up the association that a datagram needs: in this thread if the socket blocks, else on the engine. */
#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/sys.h"
#include "fd/hidden.h"
#include "udp/filter.h"

struct association *udp_association(struct udp *u, const struct route *route, unsigned group)
{
	struct association *unused = NULL;

	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		if (a->route == route && a->group == group)
			return a;
		if (!a->route && !unused)
			unused = a;
	}
	if (unused) {
		unused->route = route;
		unused->group = group;
	}
	return unused;
}

/* An AF_INET6 socket reaches an IPv4 relay by its v4-mapped address, which must be allowed before the socket is bound. */
static void allow_mapped(const struct udp *u, int fd)
{
	if (u->family == AF_INET6)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
}

static bool hears_relays_alone(const struct udp *u)
{
	return u->connected && !u->forwarded && u->peer.route->kind == ROUTE_CHAIN;
}

/* Record how setting up ended. The socket is locked. */
static int settle(struct udp *u, int fd, struct association *a, struct relays *m, int rc)
{
	if (u->entries == 0 && rc == 0 && !a->queue)
		rc = -ECANCELED;
	rc = association_ended(a, m, rc, u->family);
	if (rc == 0) {
		u->front_len = a->relay.front_len;
		udp_tell_kin(u, a);
	}
	if (rc == 0 && hears_relays_alone(u))
		udp_filter(u, fd);
	return rc;
}

/* What a thread sets up. */
struct making {
	struct udp *u;
	struct association *a;
	struct relays *m;
};

/* The thread never comes back: it is cancelled, or a handler has jumped out. Others that wait begin anew. */
static void abandon(void *arg)
{
	const struct making *making = arg;
	struct udp *u = making->u;

	lock_take(&u->lock);
	making->a->relays = NULL;
	association_ended(making->a, making->m, -EINTR, u->family);
	lock_give(&u->lock);
	if (making->m)
		relays_free(making->m);
	udp_leave(u);
}

/* Set the association up in this thread, while others wait. The socket is locked, but not meanwhile. */
static int make_here(struct udp *u, int fd, struct association *a)
{
	int rc;
	struct relays *m = relays_new(udp_app(), a->route, &rc);
	struct making making = {u, a, m};
	struct cleanup cleanup;
	struct hold held;

	allow_mapped(u, fd);
	association_begun(a);
	a->relays = m;
	cleanup_begin(&cleanup, abandon, &making);
	lock_give(&u->lock);
	cancel_hold(&held);
	if (m)
		rc = relays_wait(m);
	cancel_release(&held);
	lock_take(&u->lock);
	cleanup_end(&cleanup);
	a->relays = NULL;
	rc = settle(u, fd, a, m, rc);
	if (m)
		relays_free(m);
	return rc;
}

/* True if a datagram to `self` stays on this machine: not so for a group, nor for an address of another machine (IP_FREEBIND). */
static bool stays_here(int fd, struct addr self, int family)
{
	struct sockaddr_storage at;

	self.port = 0;
	const socklen_t len = addr_to_sockaddr(&self, &at, family);
	return !addr_is_group(&self) && sys_bind(fd, (struct sockaddr *)&at, len) == 0;
}

/* Wake a thread that sleeps until the socket is readable, by a datagram from the socket to itself, which we drop as nobody's: the thread
 * then hears of the failure. */
static void wake(struct udp *u)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	struct addr self;

	udp_filter_no_more(u, u->socket);
	const int fd = sys.socket(u->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sys_getsockname(u->socket, (struct sockaddr *)&own, &len) == 0 && addr_from_sockaddr(&self, (struct sockaddr *)&own, len) &&
	    fd >= 0 && stays_here(fd, self, u->family)) {
		if (!self.port)
			sys_bind(u->socket, (struct sockaddr *)&own, len);
		len = sizeof(own);
		sys_getsockname(u->socket, (struct sockaddr *)&own, &len);
		/* The kernel takes "any" as a destination for this machine. */
		sys_connect(fd, (struct sockaddr *)&own, len);
		len = sizeof(own);
		if (sys_getsockname(fd, (struct sockaddr *)&own, &len) == 0)
			u->waker = endpoint_from((struct sockaddr *)&own, len);
		sys_send(fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	if (fd >= 0)
		sys.close(fd);
}

static void send_queue(const struct udp *u, struct association *a)
{
	struct iovec v[2] = {{a->relay.front, a->relay.front_len}};

	while (udp_queue_next(a->queue, &v[1])) {
		const struct msghdr m = {
			.msg_name = &a->relay.at, .msg_namelen = endpoint_len(&a->relay.at), .msg_iov = v, .msg_iovlen = 2};
		sys_sendmsg(u->socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	udp_queue_free(a->queue);
	a->queue = NULL;
}

/* Called on the engine's thread when the relays are ready or have failed. */
static void made(struct relays *m, void *arg)
{
	struct udp *u = arg;

	lock_take(&u->lock);
	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		if (a->relays != m)
			continue;
		a->relays = NULL;
		const int rc = settle(u, u->socket, a, m, m->rc);
		if (rc == 0)
			send_queue(u, a);
		if (rc == 0 && u->entries == 0)
			association_retire(a);
		else if (u->entries)
			u->error = rc;
		if (rc && u->socket >= 0)
			wake(u);
	}
	if (--u->unfinished == 0) {
		own_close(u->socket);
		u->socket = -1;
	}
	lock_give(&u->lock);
	relays_free(m);
	udp_leave(u);
}

/* Prepare the association for the engine, while datagrams wait in the queue. The socket is locked; the caller submits the work later,
 * since submitting may run it if there is no engine thread. */
static int make_behind(struct udp *u, int fd, struct association *a)
{
	int rc;
	struct relays *m = relays_new(udp_app(), a->route, &rc);

	if (!m)
		return association_ended(a, NULL, rc, u->family);
	allow_mapped(u, fd);
	if (u->socket < 0)
		u->socket = hidden_dup(fd);
	if (u->socket < 0) {
		rc = u->socket;
		relays_free(m);
		return association_ended(a, NULL, rc, u->family);
	}
	association_begun(a);
	a->relays = m;
	u->unfinished++;
	u->users++;
	return 0;
}

static int wait_in_queue(struct association *a, const struct udp_dest *d, const struct msghdr *m)
{
	return udp_queue_add(&a->queue, d->header, d->header_len, m->msg_iov, m->msg_iovlen);
}

/* Set up an association that is not there. The socket is locked. */
static int make(struct udp *u, int fd, struct association *a, const struct udp_dest *d, const struct msghdr *m, bool nonblocking,
		struct relays **start)
{
	int rc = association_barred(a);

	if (rc)
		return rc;
	if (!nonblocking)
		return make_here(u, fd, a);
	rc = make_behind(u, fd, a);
	if (rc == 0)
		*start = a->relays;
	return rc ? rc : wait_in_queue(a, d, m);
}

int udp_associate(struct udp *u, int fd, const struct udp_dest *d, const struct msghdr *m, bool nonblocking, bool *waits)
{
	struct relays *start = NULL;
	int rc = 0;

	for (;;) {
		lock_take(&u->lock);
		struct association *a = udp_association(u, d->route, d->group);
		if (!a)
			rc = -ENOBUFS;
		else if (a->state == ASSOCIATION_NONE)
			rc = make(u, fd, a, d, m, nonblocking, &start);
		else if (a->state == ASSOCIATION_MAKING && nonblocking)
			rc = wait_in_queue(a, d, m);
		const bool await = rc == 0 && a->state == ASSOCIATION_MAKING && !nonblocking;
		*waits = rc == 0 && nonblocking && a->state == ASSOCIATION_MAKING;
		lock_give(&u->lock);
		if (start)
			relays_start(start, made, u);
		if (!await)
			return rc;
		rc = association_await(a);
		if (rc)
			return rc;
	}
}
