/* SPDX-License-Identifier: MIT */
/* path: what one dial goes along: hops of its route, and what the last of them is asked for. */
#ifndef CORE_ROUTE_PATH_H
#define CORE_ROUTE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/config.h"
#include "core/proto/handshake.h"

struct request {
	enum command command;
	struct addr target; /* a placeholder already turned back into its name */
};

/* May be copied. The hops are the configuration's, and outlive it. */
struct path {
	const struct proxy *const *hops;
	size_t n; /* 0: directly to the target */
	struct request request;
	struct request instead; /* path_next(); without a command: nothing */
};

/* Returns the path along the first `hops` proxies of a route; 0: directly. */
struct path path_along(const struct route *, size_t hops, enum command, const struct addr *target);

/* Turn a path that has failed into the one to try next. Returns false if there is none. `requested`: the last hop took us in and was asked. */
bool path_next(struct path *, bool requested);

#endif
