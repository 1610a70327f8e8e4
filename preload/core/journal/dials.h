/* SPDX-License-Identifier: MIT */
/* dials: write down in the journal what a dial, or a connect without one, came to. The same threads as journal.h. */
#ifndef CORE_JOURNAL_DIALS_H
#define CORE_JOURNAL_DIALS_H

#include "core/dial/dial.h"

/* A dial has ended with `rc`; `fd` is the connection. Returns what journal_add() does. */
unsigned journal_dial(const struct dial *, int fd, int rc);

/* The kernel was asked to connect `fd` directly, and said 0 or -errno. */
void journal_direct(const struct addr *target, int fd, int rc);

/* The first datagram of a socket to a destination was sent along the route (0), waits (-EINPROGRESS), or cannot be sent. */
void journal_datagram(const struct addr *target, const struct route *, int rc);

/* A call for this destination is refused. */
void journal_refusal(const struct addr *target, int rc);

#endif
