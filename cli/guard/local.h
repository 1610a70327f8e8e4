/* SPDX-License-Identifier: MIT */
/* local: unix sockets: the command's own business, unless a daemon listens there that would ask DNS for it. For the engine's thread. */
#ifndef CLI_GUARD_LOCAL_H
#define CLI_GUARD_LOCAL_H

#include <sys/socket.h>

#include "cli/guard/guest/notice.h"

/* Returns NOTICE_PASS, or a negative err, for a connect(2) or a datagram to this address. */
long local_serve(const struct notice *, const struct sockaddr *to, socklen_t len);

#endif
