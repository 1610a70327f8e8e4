/* SPDX-License-Identifier: MIT */
/* bus: the system's message bus, by way of us: what the command calls there but must not is told by the bus that there is no such service. For the
 * engine's thread. */
#ifndef CLI_GUARD_STREAM_BUS_H
#define CLI_GUARD_STREAM_BUS_H

#include <sys/socket.h>

#include "cli/guard/guest/socket.h"

/* Connect a stream socket of the command's to the bus at that address, in the command's name. Returns 0 or -errno. */
int bus_join(const struct notice *, const struct guest_socket *, const struct sockaddr *bus, socklen_t len);

#endif
