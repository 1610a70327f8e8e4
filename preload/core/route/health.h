/* SPDX-License-Identifier: MIT */
/* health: what was learnt about proxies, so that not every dial must find it out again: which rest because they failed, how soon each
 * answers, whose turn it is. All processes of a user in one network namespace know it (health_table.h). It is advice: nothing is ever
 * refused because of it. Any thread, without a lock; forked children. */
#ifndef CORE_ROUTE_HEALTH_H
#define CORE_ROUTE_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"

/* A hop as it is reached from the hop before it (NULL: from here): what one cannot reach another may. */
struct leg {
	const struct proxy *before, *hop;
};

/* FINE: nothing speaks against it. RESTING: it failed a short while ago. DUE: it has rested, and one connection may try it. */
enum health { HEALTH_FINE, HEALTH_RESTING, HEALTH_DUE };

/* Returns the key under which something of a proxy is kept in the table. */
uint64_t health_key(const struct proxy *, const char *what);

enum health health_of(const struct leg *);

/* Be the one connection that tries a leg that is due: to others it rests until that one tells how it went, or is not heard of again. Returns
 * false if another was quicker. */
bool health_claim(const struct leg *);

/* The leg has failed in an attempt that began then (monotonic ns). It rests: for a second, twice as long after each further attempt, at most a
 * minute. Attempts that were under way when it failed count as one. */
void health_failed(const struct leg *, int64_t since);

/* The kernel has no route to it: to know that costs nothing, so it does not rest. When it is reached again the network has changed, and what
 * is known of others holds no more. */
void health_unrouted(const struct leg *);

/* The hop did its part; `ns`: how soon it said its first word, 0 if that was not measured. */
void health_answered(const struct leg *, int64_t ns);

/* Returns how long the hop takes to answer, in microseconds; 0 if that is not known, or was measured too long ago. */
uint64_t health_delay(const struct leg *);

/* The caller measures it now: meanwhile others go by what was known before. */
void health_measuring(const struct leg *);

/* Returns how long the leg has still to rest, in ms; 0 if it need not. */
int64_t health_rest(const struct leg *);

/* Returns the number of the chain's turns before this one; the turn takes `length` of its members. */
unsigned health_turn(const struct route *);

/* Remember for half a minute that a chain, or a proxy, does not carry UDP, for the latest 16 of them in this process; and recall that. */
void health_refused_udp(const void *);
bool health_refuses_udp(const void *);

/* True if the leg has failed since then, monotonic ns. */
bool health_has_failed(const struct leg *, int64_t since);

#endif
