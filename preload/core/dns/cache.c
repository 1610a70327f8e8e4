/* cache: the addresses that DNS said a name has. */
#include "core/dns/cache.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/fnv.h"
#include "core/base/pages.h"
#include "core/base/ascii.h"
#include "core/base/clock.h"

enum { PLACES = 512, TTL_MOST = 24 * 60 * 60 };

/* `version` is odd while the place is being written. A name has one place, which the next name there takes over. */
struct place {
	atomic_uint version;
	int64_t until; /* monotonic, ns */
	char name[ADDR_NAME_MAX + 1];
	struct host resolved;
};

static _Atomic(struct place *) places;

static struct place *place_of(const char *name)
{
	struct place *p = places, *none = NULL;

	if (!p) {
		p = pages_take_shared(PLACES * sizeof(*p));
		if (!p)
			return NULL;
		if (!atomic_compare_exchange_strong(&places, &none, p)) {
			pages_free(p, PLACES * sizeof(*p));
			p = none;
		}
	}
	return &p[fnv_name(name) % PLACES];
}

void dns_cache_put(const char *name, const struct host *r, uint32_t ttl)
{
	struct place *const p = place_of(name);
	unsigned version = p ? p->version : 1;

	/* Another writer is at it: the next look-up will ask again. */
	if (!ttl || version & 1 || !atomic_compare_exchange_strong(&p->version, &version, version + 1))
		return;
	p->until = clock_in_ms((int64_t)(ttl < TTL_MOST ? ttl : TTL_MOST) * 1000);
	memcpy(p->name, name, strlen(name) + 1);
	p->resolved = *r;
	p->version = version + 2;
}

bool dns_cache_get(const char *name, struct host *r)
{
	struct place *const p = place_of(name);
	const unsigned version = p ? p->version : 1;

	if (version & 1 || !version)
		return false;
	struct place copy;
	memcpy(&copy, p, sizeof(copy));
	atomic_thread_fence(memory_order_acquire);
	if (p->version != version || copy.until <= clock_now() || strlen(copy.name) != strlen(name) ||
	    !ascii_same(copy.name, name, strlen(name)))
		return false;
	*r = copy.resolved;
	return true;
}
