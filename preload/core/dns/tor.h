/* tor: an exchange with the last proxy in place of a DNS server: Tor's RESOLVE and RESOLVE_PTR (socks-extensions.txt). */
#ifndef CORE_DNS_TOR_H
#define CORE_DNS_TOR_H

#include "core/dns/exchange.h"

/* Whether the queries can be put in its words: for the addresses of one name, or the name of one address. */
bool dns_tor_knows(const struct dns_exchange *);

/* Start the dial along `via` that asks for it. 0 or a negative err. */
int dns_tor_begin(struct dns_exchange *, const struct config *, const struct route *);

/* Once dialled: make of what the proxy said an answer to each query. 0 or a negative err. */
int dns_tor_take(struct dns_exchange *);

#endif
