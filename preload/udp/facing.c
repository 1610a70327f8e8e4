/* SPDX-License-Identifier: MIT */
/* facing: whom the kernel has for a connected socket's peer: a forwarder, which takes what no hook sees, or nobody, so that such a call
 * fails. Never the relay, which would drop what comes without headers. */
#include <signal.h>
#include <string.h>

#include "core/base/sys.h"
#include "udp/filter.h"
#include "udp/forwarder.h"
#include "udp/name.h"
#include "udp/probe.h"

static bool is_loopback(const struct endpoint *e)
{
	struct addr a;

	return addr_from_sockaddr(&a, &e->sa, sizeof(*e)) && addr_is_loopback(&a);
}

/* The socket keeps its port, and its address unless that was only good for a forwarder, or the program has bound it to any. */
void udp_face_nobody(struct udp *u, int fd)
{
	struct endpoint own;
	const bool known = udp_name(fd, &own);

	sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
	if (known && is_loopback(&own))
		own = (struct endpoint){.in4 = {.sin_family = own.sa.sa_family, .sin_port = own.in4.sin_port}};
	if (known && own.in4.sin_port)
		sys_bind(fd, &own.sa, endpoint_len(&own));
	u->forwarded = false;
	udp_watch(u, fd);
	udp_filter(u, fd);
}

void udp_face_program(struct udp *u, int fd)
{
	if (u->forwarder)
		udp_forwarder_release(u->forwarder);
	u->forwarded = false;
	u->server = 0;
	udp_watch_no_more(u, fd);
	udp_filter_no_more(u, fd);
}

/* True if answers come by the forwarder: this process's, or that of a process that still lives. */
static bool must_stay(const struct udp *u)
{
	if (u->forwarder)
		return udp_forwarder_carries(u->forwarder);
	return u->server && kill(u->server, 0) == 0;
}

void udp_take_back(struct udp *u, int fd)
{
	if (!u->forwarded || must_stay(u))
		return;
	if (u->forwarder)
		udp_forwarder_release(u->forwarder);
	udp_face_nobody(u, fd);
}

int udp_mtu(int fd)
{
	struct udp *u = udp_enter(fd);
	int mtu = -ENOTCONN;

	if (!u)
		return mtu;
	lock_take(&u->lock);
	const struct peer p = u->peer;
	const bool asked = u->connected && p.route->kind == ROUTE_CHAIN;
	const int front = (int)u->front_len;
	lock_give(&u->lock);
	if (asked)
		mtu = udp_probe_mtu(u->family, p.route);
	udp_leave(u);
	return mtu > 0 ? mtu - front - p.header_len : mtu;
}

void udp_own(int fd, struct endpoint *own)
{
	struct udp *u = is_loopback(own) ? udp_enter(fd) : NULL;

	if (!u)
		return;
	lock_take(&u->lock);
	if (u->connected && u->own.sa.sa_family == own->sa.sa_family) {
		const in_port_t port = own->in4.sin_port;
		*own = u->own;
		own->in4.sin_port = port;
	}
	lock_give(&u->lock);
	udp_leave(u);
}
