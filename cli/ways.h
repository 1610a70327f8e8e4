/* SPDX-License-Identifier: MIT */
/* ways: the paths that a chain may choose, laid out so that each of its proxies stands in one of them at the least. */
#ifndef CLI_WAYS_H
#define CLI_WAYS_H

#include "conf/config.h"

/* A path as a route of its own, in `hops`. */
struct way {
	struct route route;
	const struct proxy *hops[HOPS_MAX];
};

/* Returns how many there are to look at; 1 for a chain that has only one. */
size_t ways_count(const struct route *);

/* Lay out the `i`th. */
void ways_lay(struct way *, const struct route *, size_t i);

/* Take its `i`th hop out. */
void ways_leave_out(struct way *, size_t i);

/* True if there is a way whose last hop has that ability: one that has not is passed by. */
bool ways_end_in(const struct route *, enum proxy_ability);

#endif
