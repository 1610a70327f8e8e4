/* SPDX-License-Identifier: MIT */
/* pick: put a path together leg by leg; a member that brings no path is taken back. */
#include "core/route/pick.h"

#include <string.h>
#include <sys/random.h>

#include "core/base/clock.h"

enum { TRIES = 16 }; /* of draws that lead nowhere, and of claims that another connection was quicker with */

/* What to stay clear of while there are other paths: proxies that rest, and those that failed on this path behind another hop. */
enum { AVOID_RESTING = 1, AVOID_SUSPECTS = 2 };

static enum fault pick_route(struct path *, const struct route *, unsigned avoid);

static const struct proxy *before(const struct path *p, size_t i)
{
	return i ? p->hops[i - 1] : NULL;
}

static bool is_numbered(const struct route *r, unsigned number, const struct proxy *p)
{
	return number ? r->hops[number - 1] == p : !p;
}

static enum fault known_fault(const struct path *p, const struct leg *leg, unsigned avoid)
{
	enum fault worst = FAULT_NONE;

	for (unsigned i = 0; i < p->n_failed; i++) {
		const enum fault fault = (enum fault)p->failed[i].fault;
		if (!is_numbered(p->route, p->failed[i].hop, leg->hop))
			continue;
		const bool same = is_numbered(p->route, p->failed[i].before, leg->before);
		if ((same || (fault == FAULT_DEAD && avoid & AVOID_SUSPECTS)) && fault > worst)
			worst = fault;
	}
	return worst;
}

static enum fault pick_hop(struct path *p, const struct proxy *hop, unsigned avoid)
{
	const struct leg leg = {before(p, p->n), hop};
	const enum fault known = known_fault(p, &leg, avoid);

	if (known)
		return known;
	if (p->n == HOPS_MAX || (p->request.command == COMMAND_ASSOCIATE && health_refuses_udp(hop)))
		return FAULT_UNABLE;
	if (avoid & AVOID_RESTING && health_of(&leg) == HEALTH_RESTING)
		return FAULT_DEAD;
	p->hops[p->n++] = hop;
	return FAULT_NONE;
}

static enum fault pick_hops(struct path *p, const struct route *r, unsigned avoid)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < r->n && !fault; i++)
		fault = pick_hop(p, r->hops[i], avoid);
	return fault;
}

static enum fault pick_all(struct path *p, const struct route *r, unsigned avoid)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < r->n_members && !fault; i++)
		fault = pick_route(p, r->members[i], avoid);
	return fault;
}

/* Leave out what is dead, and nothing else: a hop that lives is there for a purpose. */
static enum fault pick_living(struct path *p, const struct route *r, unsigned avoid)
{
	const size_t start = p->n;

	for (size_t i = 0; i < r->n_members; i++) {
		const enum fault fault = pick_route(p, r->members[i], avoid & ~(unsigned)AVOID_SUSPECTS);
		if (fault > FAULT_DEAD)
			return fault;
	}
	return p->n > start ? FAULT_NONE : FAULT_DEAD;
}

static enum fault pick_first(struct path *p, const struct route *r, unsigned avoid)
{
	enum fault least = FAULT_UNABLE;

	for (size_t i = 0; i < r->n_members; i++) {
		const enum fault fault = pick_route(p, r->members[i], avoid);
		if (!fault)
			return fault;
		least = fault < least ? fault : least;
	}
	return least;
}

/* Returns how long the hops from `start` on take to answer, in all. */
static uint64_t delay(const struct path *p, size_t start)
{
	uint64_t sum = 0;

	for (size_t i = start; i < p->n; i++)
		sum += health_delay(&(struct leg){before(p, i), p->hops[i]});
	return sum;
}

/* What nobody has measured lately counts as the fastest, for one connection. */
static void measure(const struct path *p, size_t start)
{
	for (size_t i = start; i < p->n; i++)
		health_measuring(&(struct leg){before(p, i), p->hops[i]});
}

static enum fault pick_fastest(struct path *p, const struct route *r, unsigned avoid)
{
	const struct route *best = NULL;
	const size_t start = p->n;
	uint64_t least = 0;

	for (size_t i = 0; i < r->n_members; i++) {
		if (pick_route(p, r->members[i], avoid))
			continue;
		const uint64_t takes = delay(p, start);
		if (!best || takes < least) {
			best = r->members[i];
			least = takes;
		}
		p->n = start;
	}
	if (!best)
		return pick_first(p, r, avoid);
	const enum fault fault = pick_route(p, best, avoid);
	measure(p, start);
	return fault;
}

/* Returns a number below `n`, each as likely as any other. */
static size_t draw(size_t n)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random)) /* early in the machine's life */
		random = (uint64_t)clock_now() * 0x9e3779b97f4a7c15;
	return (size_t)(((random >> 32) * n) >> 32);
}

/* The members of a chain that were drawn already. */
struct drawn {
	uint64_t bits[CHOICE_MAX / 64];
	size_t n;
};

static bool is_drawn(const struct drawn *d, size_t i)
{
	return d->bits[i / 64] >> i % 64 & 1;
}

/* Draw one of the members that are left. */
static const struct route *draw_member(const struct route *r, struct drawn *d)
{
	size_t skip = draw(r->n_members - d->n), i = 0;

	while (is_drawn(d, i) || skip--)
		i++;
	d->bits[i / 64] |= UINT64_C(1) << i % 64;
	d->n++;
	return r->members[i];
}

static enum fault pick_random(struct path *p, const struct route *r, unsigned avoid)
{
	struct drawn drawn = {0};
	enum fault least = FAULT_UNABLE;

	for (unsigned got = 0; got < r->length;) {
		if (drawn.n == r->n_members)
			return least;
		const enum fault fault = pick_route(p, draw_member(r, &drawn), avoid);
		got += !fault;
		least = fault && fault < least ? fault : least;
	}
	return FAULT_NONE;
}

/* Count the members that could stand next in the path. */
static size_t count_fit(struct path *p, const struct route *r, unsigned avoid)
{
	const size_t start = p->n;
	size_t fit = 0;

	for (size_t i = 0; i < r->n_members; i++) {
		fit += !pick_route(p, r->members[i], avoid);
		p->n = start;
	}
	return fit;
}

/* Returns which member is the one behind the first `skip` that fit. */
static size_t find_fit(struct path *p, const struct route *r, unsigned avoid, size_t skip)
{
	const size_t start = p->n;
	size_t i = 0;

	for (; i + 1 < r->n_members; i++) {
		const bool fits = !pick_route(p, r->members[i], avoid);
		p->n = start;
		if (fits && !skip--)
			break;
	}
	return i;
}

/* Begin with the member whose turn it is among those that fit, and go round. */
static enum fault pick_in_turn(struct path *p, const struct route *r, unsigned avoid)
{
	const size_t fit = count_fit(p, r, avoid);
	unsigned got = 0;

	if (fit < r->length)
		return fit ? FAULT_DEAD : pick_first(p, r, avoid);
	const size_t first = find_fit(p, r, avoid, health_turn(r) % fit);
	for (size_t i = 0; i < r->n_members && got < r->length; i++)
		got += !pick_route(p, r->members[(first + i) % r->n_members], avoid);
	return got == r->length ? FAULT_NONE : FAULT_DEAD;
}

static enum fault (*const pickers[])(struct path *, const struct route *, unsigned avoid) = {
	[CHAIN_STRICT] = pick_all,          [CHAIN_DYNAMIC] = pick_living, [CHAIN_RANDOM] = pick_random,
	[CHAIN_ROUND_ROBIN] = pick_in_turn, [CHAIN_FAILOVER] = pick_first, [CHAIN_FASTEST] = pick_fastest,
};

static enum fault pick_route(struct path *p, const struct route *r, unsigned avoid)
{
	const size_t start = p->n;
	const enum fault fault = route_is_plain(r) ? pick_hops(p, r, avoid) : pickers[r->mode](p, r, avoid);

	if (fault)
		p->n = start;
	return fault;
}

/* Of the proxies that have rested, let this connection be the one that tries. Returns false if another was quicker with one of them. */
static bool claim(struct path *p)
{
	bool all = true;

	p->on_trial = false;
	for (size_t i = 0; i < p->n && all; i++) {
		const struct leg leg = {before(p, i), p->hops[i]};
		if (health_of(&leg) == HEALTH_DUE)
			p->on_trial = all = health_claim(&leg);
	}
	return all;
}

bool pick(struct path *p)
{
	static const unsigned avoid[] = {AVOID_RESTING | AVOID_SUSPECTS, AVOID_SUSPECTS, 0};

	for (size_t i = 0; i < sizeof(avoid) / sizeof(*avoid); i++)
		for (int try = 0; try < TRIES; try++) {
			p->n = 0;
			if (pick_route(p, p->route, avoid[i]))
				continue;
			const bool claimed = claim(p);
			if (claimed && avoid[i] & AVOID_RESTING)
				return true;
			p->on_trial = false; /* nothing is left that is better, so it may take its time */
			if (!(avoid[i] & AVOID_RESTING))
				return true;
		}
	p->n = 0;
	return false;
}
