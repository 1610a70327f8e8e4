/* SPDX-License-Identifier: MIT */
/* health: a ring of the latest refusals. */
#include "core/route/health.h"

#include <stdatomic.h>

#include "core/base/clock.h"

enum { REFUSAL_S = 30, REFUSERS = 16 };

/* A writer sets `route` to NULL while it changes `since`. */
static struct {
	_Atomic(const struct route *) route;
	_Atomic int64_t since;
} refusers[REFUSERS];

void health_refused_udp(const struct route *route)
{
	static atomic_uint next;
	unsigned i = 0;

	while (i < REFUSERS && refusers[i].route != route)
		i++;
	i = i < REFUSERS ? i : next++ % REFUSERS;
	refusers[i].route = NULL;
	refusers[i].since = clock_coarse();
	refusers[i].route = route;
}

bool health_refuses_udp(const struct route *route)
{
	for (unsigned i = 0; i < REFUSERS; i++)
		if (refusers[i].route == route && clock_coarse() - refusers[i].since < (int64_t)REFUSAL_S * NS_PER_S)
			return true;
	return false;
}
