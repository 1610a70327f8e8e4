/* config: walk the rules for a destination, and find a route by its name. */
#include "conf/config.h"

#include <string.h>

static const struct route direct = {.kind = ROUTE_DIRECT, .name = "direct"};
static const struct route block = {.kind = ROUTE_BLOCK, .name = "block"};

static bool is_named(const char *name, const char *at, size_t n)
{
	return strlen(name) == n && memcmp(name, at, n) == 0;
}

static const struct route *find(const struct chain *chain, const char *name, size_t n)
{
	while (chain && !is_named(chain->name, name, n))
		chain = chain->next;
	return chain ? &chain->route : NULL;
}

const struct route *config_route(const struct config *c, const char *name, size_t n)
{
	if (is_named(direct.name, name, n))
		return &direct;
	if (is_named(block.name, name, n))
		return &block;
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

struct verdict config_decide(const struct config *c, const struct destination *to)
{
	for (const struct rule *r = c->rules; r; r = r->next)
		if (rule_matches(r, to))
			return (struct verdict){.route = r->route, .rule = r};
	if (addr_is_loopback(to->addr))
		return (struct verdict){.route = &direct, .loopback = true};
	return (struct verdict){.route = c->chain};
}

bool config_name_is_direct(const struct config *c, const struct destination *to)
{
	for (const struct rule *r = c->rules; r; r = r->next) {
		if (!rule_matches_host(r, to))
			continue;
		if (r->route->kind != ROUTE_DIRECT)
			return false;
		/* A rule that names some ports leaves the others to the rules after it. */
		if (!r->ports && r->protocol == RULE_ANY)
			return true;
	}
	return addr_is_loopback(to->addr) || c->chain->kind == ROUTE_DIRECT;
}

static bool covers(const struct addr *first, int prefix, const struct addr *a)
{
	const int whole = prefix / 8, rest = prefix % 8;

	if (a->kind != first->kind || memcmp(a->ip, first->ip, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a->ip[whole] ^ first->ip[whole]) >> (8 - rest)) == 0;
}

bool config_covers(const struct config *c, const struct addr *a)
{
	return covers(&c->placeholder_ipv4, c->placeholder_ipv4_prefix, a) ||
	       covers(&c->placeholder_ipv6, c->placeholder_ipv6_prefix, a);
}

void config_free(struct config *c)
{
	struct arena arena = c->arena;

	*c = (struct config){0};
	arena_free(&arena);
}
