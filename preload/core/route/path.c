/* SPDX-License-Identifier: MIT */
/* path: lay a failure on a leg of the path, and pick the hops anew without that leg. */
#include "core/route/path.h"

#include <string.h>

#include "core/base/err.h"
#include "core/route/pick.h"

/* Written in place: a path is large for a stranger's stack. */
static void clear(struct path *p, const struct route *route, enum command command, const struct addr *target)
{
	memset(p, 0, sizeof(*p));
	p->route = route;
	p->request.command = command;
	p->request.target = *target;
}

void path_pin(struct path *p, const struct proxy *const *hops, size_t n, enum command command, const struct addr *target)
{
	clear(p, NULL, command, target);
	p->n = n;
	for (size_t i = 0; i < n; i++)
		p->hops[i] = hops[i];
}

bool path_begin(struct path *p, const struct route *route, enum command command, const struct addr *target)
{
	if (route->kind == ROUTE_CHAIN && !route_is_plain(route)) {
		clear(p, route, command, target);
		return pick(p);
	}
	path_pin(p, route->hops, route->kind == ROUTE_CHAIN ? route->n : 0, command, target);
	return true;
}

enum { FORGIVEN = 2 };

static struct leg leg_to(const struct path *p, size_t at)
{
	return (struct leg){at ? p->hops[at - 1] : NULL, p->hops[at]};
}

/* What a failure of the hop itself says of it. */
static enum fault fault_of_proxy(int rc)
{
	switch (rc) {
	case ERR_PROXY_ADDRESS:
	case ERR_PROXY_COMMAND:
	case ERR_PROXY_RELAY:
	case ERR_UDP_UNSUPPORTED:
		return FAULT_UNABLE;
	default:
		return FAULT_DEAD;
	}
}

/* What a failure of the destination says of the last hop. */
static enum fault fault_of_target(const struct setback *s)
{
	switch (s->rc) {
	case ERR_TARGET_UNANSWERED: /* before the whole time was over */
		return s->heard ? FAULT_DOUBTFUL : FAULT_DEAD;
	case ERR_TARGET_HUNG_UP:
	case ERR_TARGET_FAILED:
		return FAULT_DOUBTFUL;
	default:
		return s->rc >= -4095 ? FAULT_DOUBTFUL : FAULT_NONE; /* the kernel's own word is about the first hop */
	}
}

/* Returns what the setback says of the leg to the hop `*at`, which may be the one behind the hop that it concerns: the other could not, or
 * would not, reach it. */
static enum fault judge(const struct setback *s, size_t *at)
{
	const enum err_whose whose = err_whose(s->rc);
	const bool behind = s->rc < -4095 && (whose == ERR_OF_TARGET || s->rc == ERR_PROXY_ADDRESS);

	*at = s->at < s->n ? s->at : s->n - 1;
	if (whose == ERR_OF_USER || s->rc == ERR_TIMED_OUT)
		return FAULT_NONE;
	if (s->at == s->n)
		return FAULT_DOUBTFUL; /* the way stood, and what it carried failed */
	if (behind && s->at + 1 < s->n) {
		++*at;
		return whose == ERR_OF_PROXY ? FAULT_UNABLE : FAULT_DEAD;
	}
	if (s->closed && s->at && whose == ERR_OF_PROXY)
		return FAULT_DOUBTFUL; /* the hop, or the one before it that was to reach it */
	return whose == ERR_OF_PROXY ? fault_of_proxy(s->rc) : fault_of_target(s);
}

static void tell_health(const struct path *p, const struct setback *s, size_t at, enum fault fault)
{
	const struct leg leg = leg_to(p, at);

	if (fault == FAULT_DEAD && s->no_route)
		health_unrouted(&leg);
	else if (fault == FAULT_DEAD)
		health_failed(&leg, s->since);
	else if (s->rc == ERR_UDP_UNSUPPORTED)
		health_refused_udp(leg.hop);
	else if (fault == FAULT_NONE && err_whose(s->rc) == ERR_OF_TARGET)
		health_answered(&leg, 0);
}

static uint16_t number_of(const struct route *r, const struct proxy *p)
{
	size_t i = 0;

	while (p && i < r->n && r->hops[i] != p)
		i++;
	return p ? (uint16_t)(i + 1) : 0;
}

static void remember(struct path *p, const struct leg *leg, enum fault fault)
{
	p->failed[p->n_failed].before = number_of(p->route, leg->before);
	p->failed[p->n_failed].hop = number_of(p->route, leg->hop);
	p->failed[p->n_failed++].fault = (uint16_t)fault;
}

/* A hop of a dynamic chain is left out only when it is dead: try again, which shows it. */
static bool is_forgiven(struct path *p, enum fault fault)
{
	return fault == FAULT_DOUBTFUL && p->route->mode == CHAIN_DYNAMIC && p->forgiven++ < FORGIVEN;
}

/* Without another, the path stays as it is, for whoever reports it. */
static bool pick_another(struct path *p)
{
	const struct proxy *hops[HOPS_MAX];
	const size_t n = p->n;

	memcpy(hops, p->hops, n * sizeof(*hops));
	if (pick(p)) {
		p->otherwise = false;
		return true;
	}
	memcpy(p->hops, hops, n * sizeof(*hops));
	p->n = n;
	return false;
}

bool path_next(struct path *p, const struct setback *s)
{
	size_t at;

	if (path_asks_otherwise(p, s))
		return p->otherwise = true;
	if (!p->route)
		return false;
	const enum fault fault = judge(s, &at);
	tell_health(p, s, at, fault);
	if (fault == FAULT_DOUBTFUL && !p->told)
		p->told = s->rc;
	if (!fault || s->late || p->n_failed == PATH_FAILURES)
		return false;
	const struct leg leg = leg_to(p, at);
	if (!is_forgiven(p, fault))
		remember(p, &leg, fault);
	return pick_another(p);
}

void path_answered(const struct path *p, size_t at, int64_t ns)
{
	const struct leg leg = leg_to(p, at);

	if (p->route)
		health_answered(&leg, ns);
}

static bool has_failed(const struct proxy *before, const struct proxy *hop, int64_t since)
{
	return health_has_failed(&(struct leg){before, hop}, since);
}

/* Behind whichever hop: a proxy that has stopped has stopped for all. */
static bool is_dead(const struct route *r, const struct proxy *hop, int64_t since)
{
	bool dead = has_failed(NULL, hop, since);

	for (size_t i = 0; i < r->n && !dead; i++)
		dead = has_failed(r->hops[i], hop, since);
	return dead;
}

size_t path_dead(const struct path *p, size_t at, int64_t since)
{
	size_t i = 0;

	while (p->route && i <= at && !is_dead(p->route, p->hops[i], since))
		i++;
	return p->route ? i : at + 1;
}
