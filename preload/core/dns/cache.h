/* cache: the addresses that DNS said a name has, for as long as it said. */
#ifndef CORE_DNS_CACHE_H
#define CORE_DNS_CACHE_H

#include "core/names/host.h"

/* Remember `r` for `ttl` seconds. Forked children know what their parents learnt. */
void dns_cache_put(const char *name, const struct host *r, uint32_t ttl);

/* What is remembered; false if nothing is. */
bool dns_cache_get(const char *name, struct host *);

#endif
