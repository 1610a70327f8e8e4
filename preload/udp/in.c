/* SPDX-License-Identifier: MIT */
/* in: find the source of a datagram by the relay that sent it and by its headers. */
#include "udp/in.h"

#include <string.h>

#include "core/names/placeholder.h"

enum { SPILL = UDP_IN_SPILL };

void udp_in_peek(const struct udp_in *in, size_t skip, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < in->n_v && n; i++) {
		const size_t len = in->v[i].iov_len;
		if (skip >= len) {
			skip -= len;
			continue;
		}
		const size_t part = n < len - skip ? n : len - skip;
		memcpy(to, (const uint8_t *)in->v[i].iov_base + skip, part);
		to += part;
		n -= part;
		skip = 0;
	}
}

/* Express an address as the application can know it; false if that is impossible. */
__attribute__((noinline)) static bool speak_of(struct endpoint *as, const struct addr *a, int family)
{
	struct addr placeholder;

	if (a->kind == ADDR_NAME && placeholder_put(a, family, &placeholder) == 0)
		a = &placeholder;
	return endpoint_to(as, a, family);
}

static bool is_peer(const struct udp *u, const struct endpoint *as)
{
	return !u->connected || endpoint_equal(&u->peer.as, as);
}

/* Find the source of an answer that came along a chain from `from`. False if the application cannot know it, or does not want to hear
 * it. */
static bool through_chain(struct udp *u, const struct association *a, const struct addr *from, struct endpoint *as)
{
	struct peer *p = peers_answering(&u->peers, a->route, a->group, from);

	if (!p && !u->connected && a->group && speak_of(as, from, u->family)) {
		/* A name answers from a second address or port (TFTP): what is sent there must go the same route. */
		p = peers_add(&u->peers, as, from, a->route);
		p->group = (uint8_t)a->group;
	} else if (p) {
		*as = p->as;
	} else if (!speak_of(as, from, u->family)) {
		return false;
	}
	return is_peer(u, as);
}

/* Parents or children send by the socket, but this process has not, through a chain: it hears everybody, as without us. */
static bool only_kin_send(const struct udp *u)
{
	return u->kins && !u->connected && !u->associations[0].route;
}

/* Find the source of a direct datagram; false if the application does not send directly itself. */
__attribute__((noinline)) static bool directly(struct udp *u, const struct udp_in *in, struct endpoint *as)
{
	struct addr from;

	*as = in->from;
	if (only_kin_send(u))
		return true;
	if (!u->direct || !addr_from_sockaddr(&from, &in->from.sa, sizeof(in->from)))
		return false;
	for (struct peer *p = u->peers.of; p < u->peers.of + u->peers.n; p++)
		if (p->route->kind == ROUTE_DIRECT && endpoint_equal(&p->real, &in->from)) {
			*as = p->as;
			return is_peer(u, as);
		}
	return decide_is_direct(udp_app(), &from, true);
}

/* Find the source of a datagram that answers what a parent or a child has sent, and return the length of its headers: 0 if it is none, -1 to drop
 * it. */
__attribute__((noinline)) static int from_kin(const struct udp *u, const struct udp_in *in, const uint8_t *at, size_t n,
					      struct addr *from, struct endpoint *as)
{
	struct endpoint named;
	struct addr a;
	const int headers = kin_open(u->cookie, &in->from, at, n, from, &named);

	if (headers < 0)
		return 0;
	if (addr_from_sockaddr(&a, &named.sa, sizeof(named)) && a.port == from->port)
		*as = named;
	else if (!speak_of(as, from, u->family))
		return -1;
	return is_peer(u, as) ? headers : -1;
}

/* Returns the length of the headers: 0 for a direct datagram, -1 to drop it. The socket is locked. */
__attribute__((noinline)) static int accept_from(struct udp *u, const struct udp_in *in, size_t taken, struct addr *from,
						 struct endpoint *as)
{
	uint8_t head[SPILL];

	if (u->forwarded && endpoint_equal(&u->at, &in->from)) {
		*as = u->peer.as;
		return 0;
	}
	if (in->len == 0 && endpoint_equal(&u->waker, &in->from))
		return -1;
	const size_t n = taken < sizeof(head) ? taken : sizeof(head);
	const uint8_t *at = in->front;
	if (in->front_len < n) {
		udp_in_peek(in, 0, head, n);
		at = head;
	}
	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		if (!a->route || a->state != ASSOCIATION_READY || !endpoint_equal(&a->relay.at, &in->from))
			continue;
		const int headers = udp_relay_open(&a->relay, at, n, from);
		return headers >= 0 && through_chain(u, a, from, as) ? headers : -1;
	}
	const int headers = kin_any() ? from_kin(u, in, at, n, from, as) : 0;
	return headers || directly(u, in, as) ? headers : -1;
}

static const struct peer *sent_to(const struct udp *u, const uint8_t *header, size_t n)
{
	for (const struct peer *p = u->peers.of; p < u->peers.of + u->peers.n; p++)
		if (p->header_len == n && memcmp(p->header, header, n) == 0)
			return p;
	return NULL;
}

/* The same of a datagram that the kernel gives back: it is the program's own, and its headers tell where it was going. */
__attribute__((noinline)) static int accept_quoted(const struct udp *u, const struct udp_in *in, size_t taken, struct addr *to,
						   struct endpoint *as)
{
	uint8_t head[SPILL];
	const size_t n = taken < sizeof(head) ? taken : sizeof(head);

	udp_in_peek(in, 0, head, n);
	*as = in->from;
	for (const struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		if (!a->route || !endpoint_equal(&a->relay.at, &in->from))
			continue;
		const int headers = udp_relay_open(&a->relay, head, n, to);
		const size_t front = a->relay.front_len;
		const struct peer *p = headers < (int)front ? NULL : sent_to(u, head + front, (size_t)headers - front);
		if (p)
			*as = p->as;
		return p || (headers >= 0 && speak_of(as, to, u->family)) ? headers : -1;
	}
	return 0;
}

int udp_in_accept(struct udp *u, const struct udp_in *in, int flags, struct endpoint *source)
{
	const size_t whole = in->front_len + in->room + in->v[in->n_v - 1].iov_len;
	const size_t taken = in->len < whole ? in->len : whole;

	struct addr end;

	lock_take(&u->lock);
	const int headers = flags & MSG_ERRQUEUE ? accept_quoted(u, in, taken, &end, source) : accept_from(u, in, taken, &end, source);
	lock_give(&u->lock);
	return headers;
}
