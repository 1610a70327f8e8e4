/* SPDX-License-Identifier: MIT */
/* forward: a query passed on as it is, by UDP and directly, to the server that a program means. */
#ifndef CORE_DNS_FORWARD_H
#define CORE_DNS_FORWARD_H

#include "core/base/addr.h"
#include "core/base/buf.h"

/* Let the engine send the query, which stays where it is meanwhile, and call end(arg, answer) with the first datagram that comes back; an empty one
 * if none does for so long that the program will have asked again. Returns false when there is no memory. Any thread; a forked child never
 * hears of it. */
bool dns_forward(const struct addr *server, struct slice query, void (*end)(void *arg, struct slice answer), void *arg);

#endif
