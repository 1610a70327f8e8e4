/* SPDX-License-Identifier: MIT */
/* addresses: ask the configured DNS server, through the chain, for the addresses of a name or the name of an address. Any thread, which
 * waits for the answer. */
#ifndef CORE_DNS_ADDRESSES_H
#define CORE_DNS_ADDRESSES_H

#include "core/names/host.h"
#include "core/route/decide.h"

/* Ask for a name's addresses: `family` AF_INET, AF_INET6, or AF_UNSPEC for both. Returns 0 with `r`, which may have none; DNS_NXDOMAIN;
 * or DNS_SERVFAIL, also when memory is short. Remembers the answer for as long as DNS says (cache.h). */
int dns_lookup(const struct app *, const char *name, int family, struct host *r);

/* Ask for an address's name. Returns 0 with `r`, which has no address if DNS has no name for it; DNS_NXDOMAIN or DNS_SERVFAIL. */
int dns_lookup_name(const struct app *, const struct addr *address, struct host *r);

#endif
