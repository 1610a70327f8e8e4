/* SPDX-License-Identifier: MIT */
/* arrival: a peer that has come to the proxy, on its way to whichever process accepts it. For each a connection of ours arrives at the socket on
 * loopback: so many of these as have come, so many peers can be taken, and which one by which is all the same. */
#ifndef LISTEN_ARRIVAL_H
#define LISTEN_ARRIVAL_H

#include <stdbool.h>

#include "core/base/endpoint.h"
#include "listen/share.h"

enum { ARRIVAL_ROOM = 16 }; /* about as many find room */

struct arrival {
	struct endpoint peer, name; /* who has come, and to which address at the proxy */
};

/* Let processes take it, with its connection through the proxies, and ours to the socket on loopback, which is to stay open until then. The
 * caller closes its own two. Returns 0 or -errno. */
int arrival_put(const struct share *, const struct arrival *, int carrier, int token);

/* Returns the connection of the next, a hidden descriptor; -EAGAIN if there is none, or another -errno. */
int arrival_take(const struct share *, struct arrival *);

/* True if there is room for another. Once there is, `in` becomes writable (edge-triggered). */
bool arrival_fits(const struct share *);

#endif
