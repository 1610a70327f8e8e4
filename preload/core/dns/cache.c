/* cache: the addresses that DNS said a name has. */
#include "core/dns/cache.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/fnv.h"
#include "core/base/pages.h"
#include "core/base/seqlock.h"
#include "core/base/ascii.h"
#include "core/base/clock.h"

enum { PLACES = 512, TTL_MOST = 24 * 60 * 60 };

/* A name has one place, which the next name there takes over. */
struct place {
	struct seqlock lock;
	int64_t until; /* monotonic, ns */
	char name[ADDR_NAME_MAX + 1];
	struct host resolved;
};

static _Atomic(void *) places;

static struct place *place_of(const char *name)
{
	struct place *p = pages_once(&places, pages_take_shared, PLACES * sizeof(*p));

	return p ? &p[fnv_name(name) % PLACES] : NULL;
}

void dns_cache_put(const char *name, const struct host *r, uint32_t ttl)
{
	struct place *const p = place_of(name);

	/* Unless another writer is at it: then the next look-up will ask again. */
	if (!ttl || !p || !seqlock_write(&p->lock))
		return;
	p->until = clock_in_ms((int64_t)(ttl < TTL_MOST ? ttl : TTL_MOST) * 1000);
	memcpy(p->name, name, strlen(name) + 1);
	p->resolved = *r;
	seqlock_written(&p->lock);
}

bool dns_cache_get(const char *name, struct host *r)
{
	const struct place *const p = place_of(name);
	const unsigned version = p ? seqlock_read(&p->lock) : 0;

	if (!version)
		return false;
	const struct place copy = *p;
	if (!seqlock_was_read(&p->lock, version) || copy.until <= clock_now() || strlen(copy.name) != strlen(name) ||
	    !ascii_same(copy.name, name, strlen(name)))
		return false;
	*r = copy.resolved;
	return true;
}
