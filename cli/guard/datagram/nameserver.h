/* SPDX-License-Identifier: MIT */
/* nameserver: answers the DNS queries that the command sends by UDP, in place of whatever server it means. For the engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_NAMESERVER_H
#define CLI_GUARD_DATAGRAM_NAMESERVER_H

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/socket.h"

/* Connect a UDP socket of the command's to us, in place of `server`, which decide() gave ROUTE_HERE. Returns 0 or -errno. */
int nameserver_connect(const struct guest_socket *, const struct app *, const struct addr *server, const struct verdict *);

/* Answer queries to `server` on a socket in the mirror. Returns 0 or -errno. */
int nameserver_hear(const struct guest_socket *, const struct app *, const struct addr *server, const struct verdict *);

#endif
