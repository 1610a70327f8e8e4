/* SPDX-License-Identifier: MIT */
/* udp: connect a datagram socket to one peer; the kernel's own peer is then the relay, or nobody. */
#include <string.h>

#include "core/base/sys.h"
#include "udp/socket.h"

/* Connect to the proxy's own address, where nothing is sent: the socket then has a local address, which is all that many programs connect
 * for, and hears from nobody. A proxy's name is not looked up for this. */
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

static int connect_direct(struct udp *u, int fd, const struct peer *p)
{
	u->linked = UDP_NOT_LINKED;
	return (int)sys_rc(sys_connect(fd, &p->real.sa, endpoint_len(&p->real)));
}

static int connect_locked(struct udp *u, int fd, const struct peer *p)
{
	struct association *a = p->route->kind == ROUTE_DIRECT ? NULL : udp_association(u, p->route, p->group);
	int rc = 0;

	if (p->route->kind == ROUTE_DIRECT)
		rc = connect_direct(u, fd, p);
	else if (!a)
		rc = -ENOBUFS;
	else if (a->state == ASSOCIATION_READY)
		udp_link(u, fd, (int)(a - u->associations));
	else if (!(rc = association_barred(a)) && p->route->kind == ROUTE_CHAIN)
		face_proxy(u, fd, p->route);
	if (rc)
		return rc;
	u->peer = *p;
	u->connected = true;
	return 0;
}

int udp_connect(struct udp *u, int fd, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *route)
{
	const struct endpoint as = endpoint_from(to, len);
	struct udp_dest d;
	int rc = udp_meet(u, to, len, where, route, &d);

	if (rc == 0 && route->kind == ROUTE_HERE)
		rc = udp_face_dns(u, fd, &d);
	if (rc)
		return rc;
	lock_take(&u->lock);
	rc = connect_locked(u, fd, udp_met(u, &as, where, route, &d.at));
	lock_give(&u->lock);
	return rc;
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
