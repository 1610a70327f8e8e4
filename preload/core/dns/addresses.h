/* SPDX-License-Identifier: MIT */
/* addresses: the addresses of a name, and the name of an address, asked of the configured DNS server through the chain. Any thread; it waits for
 * the answer. */
#ifndef CORE_DNS_ADDRESSES_H
#define CORE_DNS_ADDRESSES_H

#include "core/names/host.h"
#include "core/route/decide.h"

/* The addresses of a name: `family` AF_INET, AF_INET6, or AF_UNSPEC for both. Returns 0 with `r`, in which there may be none; DNS_NXDOMAIN or
 * DNS_SERVFAIL, which may be for want of memory, too. What was learnt is remembered for as long as DNS says (cache.h). */
int dns_lookup(const struct app *, const char *name, int family, struct host *r);

/* The name of an address. Returns 0 with `r`, DNS_NXDOMAIN or DNS_SERVFAIL. */
int dns_lookup_name(const struct app *, const struct addr *address, struct host *r);

#endif
