/* dns_resolve: an exchange with the last proxy in place of a DNS server: Tor's RESOLVE and RESOLVE_PTR (socks-extensions.txt). */
#ifndef NET_DNS_RESOLVE_H
#define NET_DNS_RESOLVE_H

#include "net/dns_exchange.h"

/* Whether the queries can be put in its words: for the addresses of one name, or the name of one address. */
bool dns_resolve_knows(const struct dns_exchange *);

/* Start the dial along `via` that asks for it. 0 or a negative err. */
int dns_resolve_begin(struct dns_exchange *, const struct config *, const struct via *);

/* Once dialled: make of what the proxy said an answer to each query. 0 or a negative err. */
int dns_resolve_take(struct dns_exchange *);

#endif
