/* SPDX-License-Identifier: MIT */
/* limit: how long a dial waits. */
#ifndef CORE_DIAL_LIMIT_H
#define CORE_DIAL_LIMIT_H

#include "core/dial/dial.h"

/* Returns when the next time limit ends, in monotonic ns: the hop's, but the whole dial's once the last hop is waiting for the target. Where
 * there are other paths, the hop's counts as long as that has not said a word; then it is only asked whether the hop has failed elsewhere, until
 * the last quarter of the time. */
int64_t dial_limit(const struct dial *);

/* Report that it has ended; returns what that means: ERR_TIMED_OUT, or as tunnel_overdue(); or 0 with a new limit, if the last hop is still
 * waited for because nothing is known against it. */
int dial_overdue(struct dial *);

#endif
