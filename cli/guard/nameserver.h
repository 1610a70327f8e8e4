/* SPDX-License-Identifier: MIT */
/* nameserver: answers the DNS queries that the command sends by UDP, in place of whatever server it means. For the engine's thread. */
#ifndef CLI_GUARD_NAMESERVER_H
#define CLI_GUARD_NAMESERVER_H

#include "cli/guard/guest.h"
#include "cli/guard/socket.h"

/* Connect a UDP socket of the command's to us, in place of `server`, which decide() gave ROUTE_HERE. Returns 0 or -errno. */
int nameserver_connect(const struct guest_socket *, const struct app *, const struct addr *server, const struct verdict *);

/* Make a socket from which a query to `server` comes to us, though it is not connected, and the answer seems to come from there: put it in the place
 * of the command's, under `number`. Returns its descriptor, to send on and to close; or -errno. */
int nameserver_replace(const struct notice *, int number, const struct guest_socket *, const struct app *, const struct addr *server,
		       const struct verdict *);

/* True if the socket is one of those. */
bool nameserver_has(const struct guest_socket *);

#endif
