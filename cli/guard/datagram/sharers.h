/* SPDX-License-Identifier: MIT */
/* sharers: other processes that have a socket of the command's, which has been replaced in one: by a fork, or because it was passed to them. For the
 * engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_SHARERS_H
#define CLI_GUARD_DATAGRAM_SHARERS_H

#include "cli/guard/guest/socket.h"

/* `old` has been replaced by `new` in the caller's process. Look for others that have it, on a thread of ours, and have each make a call that comes to
 * sharers_meet(). Both sockets stay the caller's. */
void sharers_look(const struct notice *, int old, int new);

/* Before any call about a socket: if that is one which they have in common, replace it in this process, too. */
void sharers_meet(const struct notice *);

#endif
