/* SPDX-License-Identifier: MIT */
/* landlock: this process and all that it starts connect by TCP to the ports of the proxies alone, whatever they do to the guard's filter; the supervisor,
 * which is outside, makes every other connection. */
#ifndef CLI_GUARD_FILTER_LANDLOCK_H
#define CLI_GUARD_FILTER_LANDLOCK_H

#include "conf/config.h"

/* Returns 0 if the kernel has what that needs; else -errno, with the reason for people in `problem`. */
int landlock_lacks(struct text *problem);

/* Limit this process, after the supervisor has been forked. Returns 0 or -errno. */
int landlock_limit(const struct config *);

#endif
