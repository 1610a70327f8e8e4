/* dns_cache: the addresses that DNS said a name has, for as long as it said. */
#ifndef NET_DNS_CACHE_H
#define NET_DNS_CACHE_H

#include "net/resolved.h"

/* Remember `r` for `ttl` seconds. Forked children know what their parents learnt. */
void dns_cache_put(const char *name, const struct resolved *r, uint32_t ttl);

/* What is remembered; false if nothing is. */
bool dns_cache_get(const char *name, struct resolved *);

#endif
