/* SPDX-License-Identifier: MIT */
/* host: the address at the proxy of a connection whose proxy did not name it, as most of SOCKS4 do not: found by asking where it would listen. Any
 * thread. */
#ifndef LISTEN_HOST_H
#define LISTEN_HOST_H

#include "core/base/endpoint.h"
#include "core/route/decide.h"

/* Ask the last proxy of the route, unless the newest answer was for the same `peer`, and wait. Returns false if it does not know how, or
 * refuses; the log hears nothing of that, as the program has not asked to listen. */
bool host_find(const struct app *, const struct route *, int family, const struct endpoint *peer, struct endpoint *host);

#endif
