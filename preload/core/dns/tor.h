/* tor: an exchange with the last proxy in place of a DNS server: Tor's RESOLVE and RESOLVE_PTR (socks-extensions.txt). */
#ifndef CORE_DNS_TOR_H
#define CORE_DNS_TOR_H

#include "core/dns/exchange.h"

/* If its words can say the queries (for the addresses of one name, or the name of one address): have the last proxy asked if it takes us in but the
 * server fails. */
void dns_tor_instead(struct dns_exchange *);

/* Once dialled: make of what the proxy said an answer to each query. 0 or a negative err. */
int dns_tor_take(struct dns_exchange *);

#endif
