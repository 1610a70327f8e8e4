/* SPDX-License-Identifier: MIT */
/* health: what has been learnt of proxies, so that not every dial finds it out again. Any thread, without a lock; a forked child knows what its
 * parent knew. */
#ifndef CORE_ROUTE_HEALTH_H
#define CORE_ROUTE_HEALTH_H

#include <stdbool.h>

#include "conf/config.h"

/* A chain does not carry UDP; for half a minute this is remembered, of the latest 16 such chains. */
void health_refused_udp(const struct route *);
bool health_refuses_udp(const struct route *);

#endif
