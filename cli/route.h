/* SPDX-License-Identifier: MIT */
/* route: routes in words, for people. */
#ifndef CLI_ROUTE_H
#define CLI_ROUTE_H

#include "conf/config.h"
#include "core/base/text.h"

/* Append "chain default", "proxy office", "command line", "direct" or "block". */
void route_name(const struct config *, const struct route *, struct text *);

/* Append "socks5://gw.example.com:1080 -> socks5://127.0.0.1:9050", or, of a chain that chooses, "failover(socks5://a:1080, socks5://b:1080)";
 * nothing unless it is a chain. */
void route_hops(const struct route *, struct text *);

/* Returns "strict", "dynamic"... */
const char *route_mode(const struct route *);

/* True if the route's `i`th hop does not stand before among its hops: nested chains may have a proxy in common. */
bool route_is_first(const struct route *, size_t i);

/* Say that no chain or proxy has that name, and which one may have been meant. */
void route_unknown(const struct config *, const char *name);

#endif
