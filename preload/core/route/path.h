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

/* May be copied. The hops are the configuration's. */
struct path {
	const struct proxy *const *hops;
	size_t n; /* 0: directly to the target */
	struct request request;
	struct request instead; /* path_next(); without a command: nothing */
};

/* The first `hops` proxies of a route; 0: none, directly. */
struct path path_along(const struct route *, size_t hops, enum command, const struct addr *target);

/* The path has failed: make it the one to try next. `requested`: its last hop took us in and was asked. False if there is none. */
bool path_next(struct path *, bool requested);

#endif
