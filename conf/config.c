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

size_t route_able(const struct route *route, enum proxy_ability ability)
{
	size_t able = 0;

	while (able < route->n && proxy_can(route->hops[able], ability))
		able++;
	return able;
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
