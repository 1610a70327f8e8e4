/* SPDX-License-Identifier: MIT */
/* route: name a route, and list its hops. */
#include "route.h"

#include <string.h>

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

void route_hops(const struct route *route, struct text *t)
{
	for (size_t i = 0; route->kind == ROUTE_CHAIN && i < route->n; i++) {
		if (i > 0)
			text_add(t, " -> ");
		proxy_text(route->hops[i], t);
	}
}
