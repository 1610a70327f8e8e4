/* SPDX-License-Identifier: MIT */
/* path: begin with the route's own hops and request; fall back on the other request once. */
#include "core/route/path.h"

struct path path_along(const struct route *route, size_t hops, enum command command, const struct addr *target)
{
	return (struct path){.hops = route->hops, .n = hops, .request = {command, *target}};
}

bool path_next(struct path *p, bool requested)
{
	if (!requested || !p->instead.command)
		return false;
	p->request = p->instead;
	p->instead = (struct request){0};
	return true;
}
