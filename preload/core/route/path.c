/* SPDX-License-Identifier: MIT */
/* path: what one dial goes along: hops of its route, and what the last of them is asked for. */
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
