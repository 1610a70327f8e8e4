/* SPDX-License-Identifier: MIT */
/* cache: the addresses that DNS said a name has, for as long as it said. Any thread, no lock; forked children know what their parents learn, and
 * the other way round. */
#ifndef CORE_DNS_CACHE_H
#define CORE_DNS_CACHE_H

#include "core/names/host.h"

/* Remember `host` for `ttl` seconds, a day at most; perhaps not, as when another thread is writing there. */
void dns_cache_put(const char *name, const struct host *host, uint32_t ttl);

/* Find what is remembered of a name, in whatever case. Returns false, and leaves `*host` alone, if nothing is. */
bool dns_cache_get(const char *name, struct host *host);

#endif
