/* SPDX-License-Identifier: MIT */
/* forward: pass a query on unchanged, by UDP and directly, to the server that a program means. */
#ifndef CORE_DNS_FORWARD_H
#define CORE_DNS_FORWARD_H

#include "core/base/addr.h"
#include "core/base/buf.h"

/* Let the engine send the query, which must stay in place, and call end(arg, answer) with the first datagram that comes back; with an
 * empty one if none has come by the time the program will ask again. Returns false if there is no memory. Any thread; in a forked child
 * `end` is never called. */
bool dns_forward(const struct addr *server, struct slice query, void (*end)(void *arg, struct slice answer), void *arg);

#endif
