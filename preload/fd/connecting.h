/* SPDX-License-Identifier: MIT */
/* connecting: make a socket of the application's reach a destination along a route, as connect(2) would. Any thread, also one that is cancelled,
 * and any signal handler; in a vfork child all of it happens in the call itself. */
#ifndef FD_CONNECTING_H
#define FD_CONNECTING_H

#include <sys/socket.h>

#include "conf/config.h"

enum { CONNECTING_STANDS = 1 };

/* What an earlier connect still has to say before another may begin: 0 if nothing, CONNECTING_STANDS if it succeeded and no connect has said
 * so yet, -EALREADY, -EISCONN, or its failure. As connect(2), it waits for a dial that is pending on a blocking socket. */
int connecting_earlier(int fd);

/* connect(AF_UNSPEC) dissolves the association, also one that is only being made. 0 or -errno. */
int connecting_dissolve(int fd);

/* 0: a TCP socket that may connect now; -EALREADY, -EISCONN; ERR_RAW if it is no TCP socket; -EBADF, -ENOTSOCK. */
int connecting_state(int fd);

/* Blocking or not, as `fd` is, a TCP socket that may connect. `target` is where to go, `to` how the application said it, `route` a chain, or
 * direct when `target` is a name. 0; -EINPROGRESS and the rest happens behind the scenes; or a negative err. */
int connecting_start(int fd, const struct config *, const struct route *route, const struct addr *target, const struct sockaddr *to,
		     socklen_t len);

#endif
