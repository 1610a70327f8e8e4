/* SPDX-License-Identifier: MIT */
/* fastopen: a send with MSG_FASTOPEN, which connects first. */
#ifndef HOOK_FASTOPEN_H
#define HOOK_FASTOPEN_H

#include <stdbool.h>
#include <sys/socket.h>

/* True if a send of `m`, whose address is no memory of the program's, on `fd` with these flags would connect first. */
bool fastopen_is(int fd, const struct msghdr *m, int flags);

/* Connect, then send. Returns what sendmsg(2) does where it has no cookie for the destination. */
ssize_t fastopen(int fd, const struct msghdr *m, int flags);

#endif
