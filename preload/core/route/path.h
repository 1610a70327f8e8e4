/* SPDX-License-Identifier: MIT */
/* path: the hops that one dial goes along, and what it asks the last of them for. Where a chain has several paths (its mode), one is chosen
 * by what is known of the proxies, and another when that one fails. */
#ifndef CORE_ROUTE_PATH_H
#define CORE_ROUTE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/config.h"
#include "core/proto/handshake.h"
#include "core/route/health.h"

enum { PATH_FAILURES = 64 };

struct request {
	enum command command;
	struct addr target; /* a placeholder is already replaced by its name */
};

/* What a failure says of a leg: the hop is dead, or nobody knows whether it or what is behind it failed, or it lives but does not do what
 * was asked. */
enum fault { FAULT_NONE, FAULT_DEAD, FAULT_DOUBTFUL, FAULT_UNABLE };

/* May be copied. The hops belong to the configuration, and outlive the path. */
struct path {
	const struct route *route; /* what other paths are chosen from; NULL: there are none */
	size_t n;                  /* 0: directly to the target */
	const struct proxy *hops[HOPS_MAX];
	struct request request;
	struct request instead; /* what the last hop is asked when it did not do what it was asked first; nothing if it has no command */
	bool otherwise;         /* it is */
	bool on_trial;          /* a hop has rested after a failure, and this is the connection that tries it */
	unsigned forgiven;      /* doubtful failures of a dynamic chain that were tried again */
	int told;               /* the first doubtful failure: perhaps the destination's own */
	unsigned n_failed;
	struct {
		uint16_t before, hop; /* numbers among the route's proxies, from 1; 0: from here */
		uint16_t fault;       /* enum fault */
	} failed[PATH_FAILURES];
};

/* How an attempt along a path failed. */
struct setback {
	int rc;
	size_t at, n;   /* the hop that it concerns, of so many; `n`: none */
	bool requested; /* the last hop has accepted us and has the request */
	bool heard;     /* the hop has said something */
	bool closed;    /* a hop closed the connection and gave no reason */
	bool no_route;  /* the kernel has no route to the first hop */
	bool late;      /* there is no time for another attempt */
	int64_t since;  /* when the attempt began, monotonic ns */
};

/* Choose the first path along a route: directly, or through its proxies. Returns false if the chain has none for such a request. */
bool path_begin(struct path *, const struct route *, enum command, const struct addr *target);

/* Take the `n` hops at `hops`, and no others. */
void path_pin(struct path *, const struct proxy *const *hops, size_t n, enum command, const struct addr *target);

/* Learn from a failure, and turn the path into the next one to try. Returns false if there is none: no other is left, or the destination
 * itself has failed, which no other proxy would change. */
bool path_next(struct path *, const struct setback *);

/* Learn that a hop did its part, and after how long it said its first word (0: not measured). */
void path_answered(const struct path *, size_t at, int64_t ns);

/* Returns the first hop, as far as `at`, that has failed elsewhere since then, monotonic ns; at + 1 if none has. */
size_t path_dead(const struct path *, size_t at, int64_t since);

/* Returns what the last hop is asked. */
static inline const struct request *path_request(const struct path *p)
{
	return p->otherwise ? &p->instead : &p->request;
}

/* True if the last hop is asked for `instead` next. */
static inline bool path_asks_otherwise(const struct path *p, const struct setback *s)
{
	return s->requested && p->instead.command && !p->otherwise;
}

/* Returns the failure to report when no path is left after `rc`. */
static inline int path_verdict(const struct path *p, int rc)
{
	return p->told ? p->told : rc;
}

#endif
