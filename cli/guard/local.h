/* SPDX-License-Identifier: MIT */
/* local: unix sockets: the command's own business, unless a daemon listens there that would ask DNS for it. For the engine's thread. */
#ifndef CLI_GUARD_LOCAL_H
#define CLI_GUARD_LOCAL_H

#include <sys/socket.h>

#include "cli/guard/guest/socket.h"

/* Returns NOTICE_PASS, 0 or a negative err for a connect(2) of the socket to this address. */
long local_serve(const struct notice *, const struct guest_socket *, const struct sockaddr *to, socklen_t len);

#endif
