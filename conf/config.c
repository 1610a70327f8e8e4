/* SPDX-License-Identifier: MIT */
/* config: walk the rules for a destination, and find a route by its name. */
#include "conf/config.h"

#include <string.h>

const struct route route_direct = {.kind = ROUTE_DIRECT, .name = "direct"};
const struct route route_block = {.kind = ROUTE_BLOCK, .name = "block"};
const struct route route_here = {.kind = ROUTE_HERE, .name = "here"};

static bool is_named(const char *name, const char *at, size_t n)
{
	return strlen(name) == n && memcmp(name, at, n) == 0;
}

static const struct route *find(const struct chain *all, const char *name, size_t n)
{
	const struct chain *chain;

	HASH_FIND(handle, all, name, n, chain);
	return chain ? &chain->route : NULL;
}

const struct route *config_route(const struct config *c, const char *name, size_t n)
{
	if (is_named(route_direct.name, name, n))
		return c->direct;
	if (is_named(route_block.name, name, n))
		return c->block;
	const struct route *const route = find(c->chains, name, n);
	return route ? route : find(c->single, name, n);
}

size_t route_longest(const struct route *r)
{
	size_t sum = 0, most = 0;

	if (route_is_plain(r))
		return r->n;
	for (size_t i = 0; i < r->n_members; i++) {
		const size_t n = route_longest(r->members[i]);
		sum += n;
		most = n > most ? n : most;
	}
	return route_takes_all(r) ? sum : most * r->length;
}

static size_t hops_able(const struct route *r, enum proxy_ability ability)
{
	size_t able = 0;

	while (able < r->n && proxy_can(r->hops[able], ability))
		able++;
	return able;
}

/* True if the chain has a path whose every hop has the ability. */
static bool has_able(const struct route *r, enum proxy_ability ability)
{
	size_t able = 0;

	if (route_is_plain(r))
		return hops_able(r, ability) == r->n;
	for (size_t i = 0; i < r->n_members; i++)
		able += has_able(r->members[i], ability);
	return able >= (route_takes_all(r) ? r->n_members : r->length);
}

size_t route_able(const struct route *r, enum proxy_ability ability)
{
	return has_able(r, ability) ? r->n : hops_able(r, ability);
}

static bool leads_through(const struct route *route, const struct proxy *p)
{
	for (size_t i = 0; i < route->n; i++)
		if (route->hops[i] == p)
			return true;
	return false;
}

bool config_uses(const struct config *c, const struct proxy *p)
{
	const struct rule *r = c->rules;

	while (r && !leads_through(r->route, p))
		r = r->next;
	return r || leads_through(c->chain, p);
}

bool config_covers(const struct config *c, const struct addr *a)
{
	return addr_in_range(a, &c->placeholder_ipv4, (unsigned)c->placeholder_ipv4_prefix) ||
	       addr_in_range(a, &c->placeholder_ipv6, (unsigned)c->placeholder_ipv6_prefix);
}

void config_free(struct config *c)
{
	struct arena arena = c->arena;

	*c = (struct config){0};
	arena_free(&arena);
}
