/* SPDX-License-Identifier: MIT */
/* tor: queries in the words of Tor's RESOLVE and RESOLVE_PTR, which ask the last proxy in place of a DNS server (socks-extensions.txt). */
#ifndef CORE_DNS_TOR_H
#define CORE_DNS_TOR_H

#include "core/dns/exchange.h"
#include "core/route/path.h"

/* What to ask the proxy. Returns false if the queries, which are all about one name, cannot be put so: they ask for something else than the
 * addresses of a name or the name of an address. */
bool dns_tor_request(const struct dns_exchange *, struct request *);

/* Make an answer to each query of what the proxy found. */
void dns_tor_answer(struct dns_exchange *, const struct addr *found);

#endif
