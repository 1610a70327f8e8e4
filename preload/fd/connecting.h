/* SPDX-License-Identifier: MIT */
/* connecting: connect one of the application's sockets along a route, as connect(2) would. Any thread, even one that is being cancelled,
 * and any signal handler; in a vfork child the whole dial happens within the call. */
#ifndef FD_CONNECTING_H
#define FD_CONNECTING_H

#include <sys/socket.h>

#include "conf/config.h"
#include "fd/pending.h"

enum { CONNECTING_STANDS = 1 };

/* Let an earlier connect finish before another begins. Returns 0 if nothing is left to report, CONNECTING_STANDS if it succeeded and no
 * connect has said so yet, -EALREADY, -EISCONN, or its failure. Like connect(2), waits for a pending dial if the socket blocks. */
int connecting_earlier(int fd);

/* connect(AF_UNSPEC): dissolve the connection, even one still being set up. Returns 0 or -errno. */
int connecting_dissolve(int fd);

/* Returns 0 if `fd` is a TCP socket that may connect now, else -EALREADY, -EISCONN, ERR_RAW for another socket, -EBADF or -ENOTSOCK. */
int connecting_state(int fd);

/* Connect a TCP socket that may connect, blocking if `fd` blocks. `target` is the destination, `to` the application's words for it,
 * `route` a chain, or direct if `target` is a name. Returns 0, -EINPROGRESS when the engine does the rest, or a negative err. */
int connecting_start(int fd, const struct config *, const struct route *route, const struct addr *target, const struct sockaddr *to,
		     socklen_t len);

/* The same, directly, to an address; once the connection stands, what `instead` makes takes the socket's place. */
int connecting_start_instead(int fd, const struct config *, const struct addr *target, const struct sockaddr *to, socklen_t len,
			     instead_of *instead);

#endif
