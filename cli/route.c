/* SPDX-License-Identifier: MIT */
/* route: name a route, and list its hops, or what it chooses from. */
#include "route.h"

#include <string.h>

#include "cli/destination.h"
#include "core/base/suggest.h"
#include "mistakes.h"
#include "say.h"

static bool is_chain(const struct config *c, const struct route *route)
{
	for (const struct chain *chain = c->chains; chain; chain = chain->handle.next)
		if (&chain->route == route)
			return true;
	return false;
}

void route_name(const struct config *c, const struct route *route, struct text *t)
{
	const char *proxy = route->kind == ROUTE_CHAIN && route->n == 1 ? route->hops[0]->name : NULL;

	if (is_chain(c, route))
		text_add(t, "chain %s", route->name);
	else if (proxy && strcmp(proxy, route->name) == 0)
		text_add(t, "proxy %s", route->name);
	else
		text_add(t, "%s", route->name);
}

static const char *const modes[] = {
	[CHAIN_STRICT] = "strict",           [CHAIN_DYNAMIC] = "dynamic",   [CHAIN_RANDOM] = "random",
	[CHAIN_ROUND_ROBIN] = "round-robin", [CHAIN_FAILOVER] = "failover", [CHAIN_FASTEST] = "fastest",
};

const char *route_mode(const struct route *route)
{
	return modes[route->mode];
}

static void add_plain(const struct route *route, struct text *t)
{
	for (size_t i = 0; i < route->n; i++) {
		text_add(t, "%s", i ? " -> " : "");
		proxy_text(route->hops[i], t);
	}
}

static void add_choice(const struct route *route, struct text *t)
{
	const char *const between = route_takes_all(route) ? " -> " : ", ";

	if (route->mode != CHAIN_STRICT)
		text_add(t, "%s(", route_mode(route));
	if (route->mode == CHAIN_RANDOM || route->mode == CHAIN_ROUND_ROBIN)
		text_add(t, "%u of ", route->length);
	for (size_t i = 0; i < route->n_members; i++) {
		text_add(t, "%s", i ? between : "");
		route_hops(route->members[i], t);
	}
	if (route->mode != CHAIN_STRICT)
		text_add(t, ")");
}

void route_hops(const struct route *route, struct text *t)
{
	if (route->kind != ROUTE_CHAIN)
		return;
	if (route_is_plain(route))
		add_plain(route, t);
	else
		add_choice(route, t);
}

bool route_is_first(const struct route *route, size_t i)
{
	size_t k = 0;

	while (route->hops[k] != route->hops[i])
		k++;
	return k == i;
}

void route_unknown(const struct config *c, const char *name)
{
	struct suggest near = suggest_for(name);
	TEXT(hint, 512);

	for (const struct chain *chain = c->chains; chain; chain = chain->handle.next)
		suggest_offer(&near, chain->name);
	for (const struct proxy *p = c->proxies; p; p = p->next)
		if (p->name)
			suggest_offer(&near, p->name);
	suggest_text(&near, &hint);
	if (!hint.len)
		destination_suggest(&hint, name);
	say("no chain or proxy is called '%s' (%s)%s", name, mistakes_source(c->source), hint.at);
}
