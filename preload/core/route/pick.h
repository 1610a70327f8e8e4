/* SPDX-License-Identifier: MIT */
/* pick: choose the hops of a path by the modes of its chain and of the chains among its hops. */
#ifndef CORE_ROUTE_PICK_H
#define CORE_ROUTE_PICK_H

#include "core/route/path.h"

/* Fill in `hops` and `n` from `route`, past what has failed on this path, and if possible past the proxies that rest (health.h). Returns
 * false, with `n` 0, if there is no such path. */
bool pick(struct path *);

#endif
