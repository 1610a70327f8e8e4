/* SPDX-License-Identifier: MIT */
/* fastopen: a send that connects first: MSG_FASTOPEN. */
#ifndef HOOK_FASTOPEN_H
#define HOOK_FASTOPEN_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether a send of `m` on `fd` is that. */
bool fastopen_is(int fd, const struct msghdr *m, int flags);

/* Connect, then send: as from sendmsg(2) where there is no cookie for the destination. */
ssize_t fastopen(int fd, const struct msghdr *m, int flags);

/* The same for the first of many, as from sendmmsg(2): 1 or -1. */
int fastopen_first(int fd, struct mmsghdr *messages, int flags);

#endif
