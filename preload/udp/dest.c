/* SPDX-License-Identifier: MIT */
/* dest: address a datagram: its route, the relay that takes it, and the headers in front of it. */
#include <errno.h>
#include <string.h>

#include "core/base/err.h"
#include "core/dial/lookup.h"
#include "core/journal/journal.h"
#include "udp/socket.h"

void udp_admit(struct udp *u, struct udp_dest *d)
{
	struct association *a = udp_association(u, d->route, d->group);

	if (a && a->state == ASSOCIATION_READY)
		association_check(a, false);
	d->stands = a && a->state == ASSOCIATION_READY;
	if (!d->stands)
		return;
	d->at = a->relay.at;
	d->connected = false;
	d->front_len = a->relay.front_len;
	memcpy(d->front + sizeof(d->front) - d->front_len, a->relay.front, d->front_len);
}

/* Address a datagram to a peer; for our own DNS server udp_face_dns() must follow. */
static void address(struct udp *u, struct peer *peer, bool connected, struct udp_dest *d)
{
	d->first = !peer->journaled && journal_wanted();
	peer->journaled |= d->first;
	d->queued = false;
	d->route = peer->route;
	d->group = peer->group;
	d->header_len = peer->header_len;
	memcpy(d->header, peer->header, peer->header_len);
	d->plain = d->stands = peer->route->kind == ROUTE_DIRECT || (u->forwarded && connected);
	if (d->stands) {
		d->at = peer->real;
		d->connected = connected;
	} else if (peer->route->kind == ROUTE_CHAIN) {
		udp_admit(u, d);
	}
}

static bool is_connected_to(const struct udp *u, const struct endpoint *as)
{
	return u->connected && endpoint_equal(&u->peer.as, as);
}

bool udp_address(struct udp *u, int fd, const struct sockaddr *to, socklen_t len, struct udp_dest *d)
{
	const struct endpoint as = to ? endpoint_from(to, len) : (struct endpoint){0};
	struct peer *peer = NULL;

	lock_take(&u->lock);
	udp_take_back(u, fd);
	const bool forwarded = u->forwarded && to && is_connected_to(u, &as);
	if (to && !forwarded)
		peer = peers_find(&u->peers, &as);
	else if (u->connected)
		peer = &u->peer;
	if (peer)
		address(u, peer, !to || forwarded, d);
	lock_give(&u->lock);
	return peer;
}

/* Look up a name that goes directly, with the system's resolver as without us. Returns 0 or a negative err. */
static int locate(struct endpoint *real, const struct addr *where, int family)
{
	struct addresses found;

	if (!lookup(where->name, &found))
		return ERR_TARGET_NAME;
	const struct addr a = lookup_address(&found, lookup_first(&found, family), where->port);
	return endpoint_to(real, &a, family) ? 0 : -EAFNOSUPPORT;
}

struct peer *udp_met(struct udp *u, const struct endpoint *as, const struct addr *where, const struct route *route,
		     const struct endpoint *real)
{
	struct peer *peer = peers_add(&u->peers, as, where, route);

	if (route->kind == ROUTE_DIRECT) {
		peer->real = *real;
		u->direct = true;
	}
	return peer;
}

int udp_meet(struct udp *u, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *route,
	     struct udp_dest *d)
{
	const struct endpoint as = endpoint_from(to, len);
	struct endpoint real = {0};
	const int rc = route->kind == ROUTE_DIRECT ? locate(&real, where, u->family) : 0;

	if (rc)
		return rc;
	journal_look();
	lock_take(&u->lock);
	address(u, udp_met(u, &as, where, route, &real), false, d);
	lock_give(&u->lock);
	return 0;
}
