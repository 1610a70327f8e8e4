/* SPDX-License-Identifier: MIT */
/* source_route: a way that a program itself writes into the headers of its packets (RFC 791, 3.1, "source and record route"; RFC 8200, 4.4). The
 * kernel sends them to the first host of that, wherever they are bound: past every rule, and the dials to a proxy, too. So a program may have none (EPERM). */
#ifndef CORE_ROUTE_SOURCE_ROUTE_H
#define CORE_ROUTE_SOURCE_ROUTE_H

#include <stdbool.h>
#include <sys/socket.h>

/* True if a setsockopt(2) with a value of `len` bytes might give the socket one; to take it away is harmless. */
bool source_route_by_option(int level, int name, socklen_t len);

/* True if a control message of this kind might give its message one. */
bool source_route_by_control(int level, int type);

#endif
