/* SPDX-License-Identifier: MIT */
/* beside: do the launcher's work in a child, beside this process, which serves the hops that the work needs. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include "conf/config.h"

/* Log in to the hops of these routes (hops_start() of cli/hops/hops.h), call work(arg) in a child, and serve until the child has ended. Returns its exit
 * status, or ends as it did. */
int beside_hops(const struct config *, const struct route *only, bool try, int (*work)(void *arg), void *arg);

#endif
