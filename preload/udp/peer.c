/* SPDX-License-Identifier: MIT */
/* peer: a small table of recent peers; names with the same port are spread over groups. */
#include "udp/peer.h"

#include <string.h>

#include "core/base/clock.h"

enum { FRESH_SECONDS = 30 }; /* re-read the name now and then, so that its placeholder counts as in use and is not recycled */

static time_t seconds(void)
{
	return clock_coarse() / NS_PER_S;
}

static bool is_called(const struct peer *p, const struct endpoint *as)
{
	return p->route && endpoint_equal(&p->as, as);
}

struct peer *peers_find(struct peers *peers, const struct endpoint *as)
{
	struct peer *found = &peers->of[peers->latest];

	if (!is_called(found, as)) {
		found = peers->of;
		while (found < peers->of + peers->n && !is_called(found, as))
			found++;
		if (found == peers->of + peers->n)
			return NULL;
		peers->latest = (unsigned)(found - peers->of);
	}
	return seconds() - found->used < FRESH_SECONDS ? found : NULL;
}

/* Count the named peers with the same port in that group. */
static unsigned namesakes(const struct peers *peers, const struct peer *p, unsigned group)
{
	unsigned n = 0;

	for (const struct peer *q = peers->of; q < peers->of + peers->n; q++)
		n += q != p && q->route == p->route && q->named && q->group == group && q->port == p->port;
	return n;
}

static uint8_t choose_group(const struct peers *peers, const struct peer *p)
{
	uint8_t best = 1;

	for (uint8_t group = 1; group < PEER_GROUPS; group++)
		if (namesakes(peers, p, group) < namesakes(peers, p, best))
			best = group;
	return best;
}

static struct peer *make_room(struct peers *peers, const struct endpoint *as)
{
	struct peer *room = peers->of;

	for (struct peer *p = peers->of; p < peers->of + peers->n; p++) {
		if (is_called(p, as))
			return p;
		if (p->used < room->used)
			room = p;
	}
	if (peers->n < PEERS)
		room = &peers->of[peers->n++];
	room->route = NULL;
	return room;
}

struct peer *peers_add(struct peers *peers, const struct endpoint *as, const struct addr *to, const struct route *route)
{
	struct peer *p = make_room(peers, as);
	struct buf header = {.at = p->header, .size = sizeof(p->header)};

	peers->latest = (unsigned)(p - peers->of);
	p->used = seconds();
	if (p->route) /* met before */
		return p;
	p->as = *as;
	p->route = route;
	p->named = to->kind == ADDR_NAME;
	p->answered = false;
	p->journaled = false;
	p->port = to->port;
	p->group = p->named ? choose_group(peers, p) : 0;
	udp_header_put(&header, to);
	if (route->kind == ROUTE_HERE)
		udp_header_set_scope(p->header, to->scope);
	p->header_len = (uint16_t)header.len;
	return p;
}

static bool is_literally(const struct peer *p, const struct addr *from)
{
	struct addr a;

	const bool is = addr_from_sockaddr(&a, &p->as.sa, sizeof(p->as));
	a.scope = from->scope; /* headers have none */
	return is && addr_equal(&a, from);
}

static bool is_same_name(const struct peer *p, const struct addr *from)
{
	struct addr name;

	return udp_header_get(&name, p->header, p->header_len) > 0 && addr_equal(&name, from);
}

struct peer *peers_answering(struct peers *peers, const struct route *route, unsigned group, const struct addr *from)
{
	struct peer *guess = NULL, *silent = NULL;
	unsigned guesses = 0;

	for (struct peer *p = peers->of; p < peers->of + peers->n; p++) {
		if (p->route != route || p->group != group || p->port != from->port)
			continue;
		if (!p->named                 ? is_literally(p, from)
		    : from->kind == ADDR_NAME ? is_same_name(p, from)
					      : p->answered && addr_equal(&p->answer, from))
			return p;
		if (!p->named || from->kind == ADDR_NAME)
			continue;
		guess = p;
		guesses++;
		if (!p->answered && (!silent || p->used < silent->used))
			silent = p;
	}
	/* With more names on one port than there are groups, guess the one that has waited longest. */
	guess = guesses == 1 ? guess : silent;
	if (guess) {
		guess->answered = true;
		guess->answer = *from;
	}
	return guess;
}
