/* SPDX-License-Identifier: MIT */
/* path: the hops that one dial goes along, and what it asks the last of them for. */
#ifndef CORE_ROUTE_PATH_H
#define CORE_ROUTE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/config.h"
#include "core/proto/handshake.h"

struct request {
	enum command command;
	struct addr target; /* a placeholder is already replaced by its name */
};

/* May be copied. The hops belong to the configuration, and outlive the path. */
struct path {
	const struct proxy *const *hops;
	size_t n; /* 0: directly to the target */
	struct request request;
	struct request instead; /* what path_next() falls back on; nothing if it has no command */
};

/* Returns the path along the first `hops` proxies of a route; with 0, directly. */
struct path path_along(const struct route *, size_t hops, enum command, const struct addr *target);

/* Turn a path that has failed into the next one to try. Returns false if there is none, or unless `requested`: the last hop accepted us and was
 * asked. */
bool path_next(struct path *, bool requested);

#endif
