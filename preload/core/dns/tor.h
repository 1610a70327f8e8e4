/* SPDX-License-Identifier: MIT */
/* tor: put queries as Tor's RESOLVE and RESOLVE_PTR, which ask the last proxy in place of a DNS server (socks-extensions.txt). */
#ifndef CORE_DNS_TOR_H
#define CORE_DNS_TOR_H

#include "core/dns/exchange.h"
#include "core/route/path.h"

/* Choose what to ask the proxy. Returns false if that is impossible, because the queries, which are all about one name, ask for other
 * things than the addresses of a name or the name of an address. */
bool dns_tor_request(const struct dns_exchange *, struct request *);

/* Answer each query with what the proxy found. */
void dns_tor_answer(struct dns_exchange *, const struct addr *found);

#endif
