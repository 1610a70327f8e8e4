/* SPDX-License-Identifier: MIT */
/* health: what we have learnt about proxies, so that not every dial must find it out again. Any thread, without a lock; a forked child
 * knows what its parent knew. */
#ifndef CORE_ROUTE_HEALTH_H
#define CORE_ROUTE_HEALTH_H

#include <stdbool.h>

#include "conf/config.h"

/* Remember for half a minute that a chain does not carry UDP, for the latest 16 such chains; and recall that. */
void health_refused_udp(const struct route *);
bool health_refuses_udp(const struct route *);

#endif
