/* SPDX-License-Identifier: MIT */
/* udp: connect a datagram socket to one peer; the kernel's own peer is another (facing.c). */
#include <string.h>

#include "core/base/sys.h"
#include "udp/filter.h"
#include "udp/forwarder.h"
#include "udp/name.h"
#include "udp/probe.h"

/* Connect to the proxy's own address for a moment: the socket then has a local address, which is all that many programs connect for. A proxy's
 * name is not looked up for this. */
static void face_proxy(struct udp *u, int fd, const struct route *route)
{
	struct endpoint to;

	if (!endpoint_to(&to, &route->hops[0]->addr, u->family))
		return;
	if (!to.in4.sin_port)
		to.in4.sin_port = htons(1);
	if (u->family == AF_INET6)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	sys_connect(fd, &to.sa, endpoint_len(&to));
}

/* Where datagrams from this machine do not reach the socket, its program must do without a forwarder. */
static bool is_bound_to_device(int fd)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	return entry && fd_entry_is(entry, FD_DEVICE);
}

/* No association knows the socket yet, so its datagrams may come from elsewhere. */
static void face_chain(struct udp *u, int fd, const struct peer *p, bool fresh)
{
	if (!udp_name(fd, &u->own) || endpoint_is_unspecified(&u->own))
		udp_probe_own(u->family, p->route, &u->own);
	face_proxy(u, fd, p->route);
	if (fresh && !is_bound_to_device(fd) && udp_forwarder_make(u, fd, p, udp_app(), udp_leave) == 0)
		u->users++;
	else
		udp_face_nobody(u, fd);
}

/* Our DNS server is one only to our hooks. */
static void face_server(struct udp *u, int fd, const struct association *a)
{
	sys_connect(fd, &a->relay.at.sa, endpoint_len(&a->relay.at));
	udp_name(fd, &u->own);
	udp_face_nobody(u, fd);
}

static int connect_direct(int fd, const struct peer *p)
{
	return (int)sys_rc(sys_connect(fd, &p->real.sa, endpoint_len(&p->real)));
}

/* Its frame is not added to that of udp_connect(). */
__attribute__((noinline)) static int connect_locked(struct udp *u, int fd, const struct peer *p)
{
	struct association *a = p->route->kind == ROUTE_DIRECT ? NULL : udp_association(u, p->route, p->group);
	int rc = 0;

	udp_face_program(u, fd);
	if (p->route->kind == ROUTE_DIRECT)
		rc = connect_direct(fd, p);
	else if (!a)
		rc = -ENOBUFS;
	else if (p->route->kind == ROUTE_HERE)
		face_server(u, fd, a);
	else if (a->state != ASSOCIATION_NONE || !(rc = association_barred(a)))
		face_chain(u, fd, p, a->state == ASSOCIATION_NONE);
	if (rc)
		return rc;
	u->peer = *p;
	u->peer.journaled = false; /* nothing was sent yet */
	u->connected = true;
	if (p->route->kind == ROUTE_CHAIN && !u->forwarded)
		udp_filter(u, fd);
	return 0;
}

static void give_up_forwarder(struct udp *u, int fd)
{
	lock_take(&u->lock);
	udp_take_back(u, fd);
	lock_give(&u->lock);
}

int udp_connect(struct udp *u, int fd, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *route)
{
	const struct endpoint as = endpoint_from(to, len);
	struct udp_dest d;
	int rc = udp_meet(u, to, len, where, route, &d);

	if (rc == 0 && route->kind == ROUTE_HERE)
		rc = udp_face_dns(u, &d);
	if (rc)
		return rc;
	lock_take(&u->lock);
	rc = connect_locked(u, fd, udp_met(u, &as, where, route, &d.at));
	struct udp_forwarder *f = u->forwarder;
	lock_give(&u->lock);
	if (f && !udp_forwarder_start(f))
		give_up_forwarder(u, fd);
	return rc;
}

void udp_disconnect(struct udp *u, int fd)
{
	lock_take(&u->lock);
	u->connected = false;
	udp_face_program(u, fd);
	/* The kernel now gives the socket another port, from which no relay would accept datagrams. */
	for (int i = 0; i < UDP_ASSOCIATIONS; i++)
		association_retire(&u->associations[i]);
	lock_give(&u->lock);
}

bool udp_peer(int fd, struct endpoint *peer)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return false;
	lock_take(&u->lock);
	const bool connected = u->connected;
	*peer = u->peer.as;
	lock_give(&u->lock);
	udp_leave(u);
	return connected;
}
