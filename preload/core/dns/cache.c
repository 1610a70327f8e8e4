/* SPDX-License-Identifier: MIT */
/* cache: a table in memory that forked children share. */
#include "core/dns/cache.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/fnv.h"
#include "core/base/pages.h"
#include "core/base/seqlock.h"

enum { ENTRIES = 512, TTL_MOST = 24 * 60 * 60 };

struct cache_entry {
	struct seqlock lock;
	int64_t until; /* monotonic, ns */
	char name[ADDR_NAME_MAX + 1];
	struct host host;
};

static _Atomic(void *) entries;

/* Returns the only entry that a name may have, which the next name of the same hash takes over; NULL when there is no memory. */
static struct cache_entry *entry_of(const char *name)
{
	struct cache_entry *e = pages_once(&entries, pages_take_shared, ENTRIES * sizeof(*e));

	return e ? &e[fnv_name(name) % ENTRIES] : NULL;
}

static bool is_called(const char *entry, const char *name)
{
	return strlen(entry) == strlen(name) && ascii_same(entry, name, strlen(name));
}

void dns_cache_put(const char *name, const struct host *host, uint32_t ttl)
{
	struct cache_entry *const e = entry_of(name);

	/* Unless another writer is at it: then the next look-up will ask again. */
	if (!ttl || !e || !seqlock_write(&e->lock))
		return;
	e->until = clock_in_ms((int64_t)(ttl < TTL_MOST ? ttl : TTL_MOST) * 1000);
	memcpy(e->name, name, strlen(name) + 1);
	e->host = *host;
	seqlock_written(&e->lock);
}

bool dns_cache_get(const char *name, struct host *host)
{
	const struct cache_entry *const e = entry_of(name);
	const unsigned version = e ? seqlock_read(&e->lock) : 0;

	if (!version)
		return false;
	char its[sizeof(e->name)];
	const int64_t until = e->until;
	memcpy(its, e->name, sizeof(its));
	*host = e->host;
	if (seqlock_was_read(&e->lock, version) && until > clock_now() && is_called(its, name))
		return true;
	*host = (struct host){0};
	return false;
}
