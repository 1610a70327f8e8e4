/* SPDX-License-Identifier: MIT */
/* forward: peers of ours in the mirror, or on loopback, for what the command connects and sends to. */
#include "cli/guard/datagram/forward.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/guard/datagram/association.h"
#include "cli/guard/datagram/near.h"
#include "cli/guard/datagram/reflect.h"
#include "cli/guard/guest/mirror.h"
#include "core/base/err.h"
#include "core/route/health.h"

/* A call that waits for the relays: it has something to send. */
struct waiter {
	struct notice notice;
	struct guest_socket socket;
	struct parcel *first;
	int nth;
	forward_sent *sent;
};

static struct association_peer peer_of(const struct forward_call *call)
{
	return (struct association_peer){call->socket, call->app, call->route, call->target, call->to};
}

static int barred(const struct route *route)
{
	return health_refuses_udp(route) || route_able(route, PROXY_COMMANDS) != route->n ? ERR_UDP_UNSUPPORTED : 0;
}

/* Be the peer in the mirror. Returns our socket, or -errno. */
static int be_seen(const struct association_peer *p, struct endpoint *own)
{
	struct endpoint bound;
	const int rc = socket_address(p->socket->fd, &bound);

	return rc ? rc : near_mirror(&bound, &p->to, own);
}

static int be(const struct association_peer *p)
{
	struct endpoint own;

	return be_seen(p, &own);
}

/* Find the association that leads to a peer in the mirror, or begin one. Returns NULL, with a negative err in *rc, if that is impossible. */
static struct association *lead(const struct association_peer *p, int *rc)
{
	struct association *const a = association_find(p);
	struct endpoint own;

	*rc = a && !association_has(a, &p->to) ? association_add(a, p, be) : a ? 0 : barred(p->route);
	if (a || *rc)
		return *rc ? NULL : a;
	const int near = be_seen(p, &own);
	*rc = near < 0 ? near : -ENOBUFS;
	return near < 0 ? NULL : association_begin(p, near, &own, true);
}

/* Find one that leads to a peer on loopback: it has no other. */
static struct association *lead_here(const struct association_peer *p, int *rc)
{
	struct endpoint own;
	const int near = near_connect(p->socket, &p->to, &own);

	*rc = near < 0 ? near : -ENOBUFS;
	return near < 0 ? NULL : association_begin(p, near, &own, false);
}

/* In the mirror the peer is what the program calls it; where there is none it is on loopback. */
int forward_connect(const struct forward_call *call)
{
	struct guest_socket *const s = call->socket;
	const struct association_peer p = peer_of(call);
	const struct endpoint from = socket_source(&call->to);
	int rc = barred(call->route);

	if (rc == 0 && !mirror_has(s))
		rc = reflect(call->notice, s, &from, true);
	const bool mirrored = rc == 0;
	if (rc && rc != -EPERM && rc != -EOPNOTSUPP)
		return rc;
	struct association *const a = mirrored ? lead(&p, &rc) : lead_here(&p, &rc);
	if (!a)
		return rc;
	associations_drop(s, a);
	association_narrow(a, &call->to);
	return mirrored ? socket_connect(s, &call->to.sa, endpoint_len(&call->to)) : 0;
}

/* Let the call go on. */
static void sent_or_not(void *arg, int failed)
{
	struct waiter *const w = arg;
	const long rc = failed ? failed : parcel_send(w->first, w->socket.fd);

	if (w->sent)
		w->sent(&w->notice, &w->socket, w->nth, rc);
	else
		notice_answer(&w->notice, rc);
	socket_drop(&w->socket);
	free(w->first);
	free(w);
}

/* Returns one for the call, whose socket's descriptor it has taken over; or NULL. */
static struct waiter *wait_for(const struct forward_call *call, const struct parcel *p)
{
	struct waiter *const w = malloc(sizeof(*w));
	struct parcel *const first = w ? parcel_copy(p) : NULL;

	if (!first) {
		free(w);
		return NULL;
	}
	*w = (struct waiter){*call->notice, *call->socket, first, call->nth, call->sent};
	call->socket->fd = -1;
	return w;
}

long forward_send(const struct forward_call *call, const struct parcel *p)
{
	const struct association_peer peer = peer_of(call);
	int rc;
	struct association *const a = lead(&peer, &rc);

	if (!a)
		return rc;
	if (association_is_under_way(a))
		return NOTICE_PASS;
	struct waiter *const w = wait_for(call, p);
	if (!w)
		return -ENOBUFS;
	rc = association_make(a, sent_or_not, w);
	if (rc)
		sent_or_not(w, rc);
	return NOTICE_LATER;
}

void forward_finish(void)
{
	associations_finish();
}

void forward_drop(const struct guest_socket *s)
{
	associations_drop(s, NULL);
}
