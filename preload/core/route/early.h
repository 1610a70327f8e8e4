/* SPDX-License-Identifier: MIT */
/* early: what was learnt of proxies about bytes that come ahead of their answers (`pipeline = auto`). All processes of a user in one network
 * namespace know it, as long as the machine runs and does not change its network. It is advice: whoever follows it must be able to do without. */
#ifndef CORE_ROUTE_EARLY_H
#define CORE_ROUTE_EARLY_H

#include <stdbool.h>

#include "conf/proxy.h"

/* Two habits, each learnt by itself: what the proxy does with a whole handshake at once, and with what follows the request. */
enum habit { HABIT_WHOLE, HABIT_BEHIND };

/* Whether a proxy keeps what comes early. */
enum early { EARLY_UNKNOWN, EARLY_KEPT, EARLY_LOST };

/* The method that a SOCKS5 proxy chose, of those offered with a user name. */
enum early_method { METHOD_UNKNOWN, METHOD_OPEN, METHOD_LOGIN };

enum early early_of(const struct proxy *, enum habit);
enum early_method early_method(const struct proxy *);

/* Be the one dial that puts this habit of a proxy on trial. Returns false if the habit is known, if another dial does that just now, or if a
 * trial has shown nothing not long ago: the time until the next one grows from ten seconds to an hour. */
bool early_try(const struct proxy *, enum habit);

/* The trial has shown it; what is lost is believed for a day. */
void early_learn(const struct proxy *, enum habit, enum early);

/* What was known may be wrong: put it on trial again, after a minute. */
void early_doubt(const struct proxy *);

/* The proxy was offered both methods and chose one. */
void early_chose(const struct proxy *, bool login);

#endif
