/* SPDX-License-Identifier: MIT */
/* cache: remember the addresses that DNS gave for a name, for as long as it allowed. Any thread, no lock; parents and forked children
 * know what the others learn. */
#ifndef CORE_DNS_CACHE_H
#define CORE_DNS_CACHE_H

#include "core/names/host.h"

/* Remember `host` for `ttl` seconds, a day at most; may fail, as when another thread is writing there. */
void dns_cache_put(const char *name, const struct host *host, uint32_t ttl);

/* Find what is remembered of a name, in whatever case. Returns false, and leaves `*host` alone, if that is nothing. */
bool dns_cache_get(const char *name, struct host *host);

#endif
