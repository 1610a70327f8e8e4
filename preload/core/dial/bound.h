/* SPDX-License-Identifier: MIT */
/* bound: where the UDP relay of a proxy listens, as far as the proxy is believed. A proxy that could name any address could have the
 * program's datagrams sent past itself. */
#ifndef CORE_DIAL_BOUND_H
#define CORE_DIAL_BOUND_H

#include "core/dial/dial.h"
#include "core/route/decide.h"

/* Once a dial with COMMAND_ASSOCIATE is done: say in `at` where the last hop's relay listens. Returns 0; or ERR_PROXY_RELAY if that is an
 * address that is neither the proxy's own, nor goes directly, nor believed by `udp_relay = any`. */
int bound_relay(const struct dial *, const struct app *, struct addr *at);

#endif
