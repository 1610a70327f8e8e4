/* SPDX-License-Identifier: MIT */
/* twin: the latest attempts, in a ring. */
#include "fd/twin.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/lock.h"
#include "core/dial/engine.h"

enum { ATTEMPTS = 64 };

struct attempt {
	unsigned number; /* 0: none */
	uint64_t name;   /* a hash of it, which meets another's by chance once in 2^64 times */
	uint16_t port;
	bool ipv6, awaited;
	enum twin state;
	int rc;
	int64_t ended;
	pid_t owner;
};

static struct {
	struct lock lock;
	unsigned latest;
	struct attempt ring[ATTEMPTS];
} all;

static uint64_t hash(const char *name)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *name; name++)
		h = (h ^ (uint8_t)ascii_lower(*name)) * 0x100000001b3; /* FNV-1a */
	return h;
}

static struct attempt *place(unsigned number)
{
	return &all.ring[number % ATTEMPTS];
}

unsigned twin_begin(const struct addr *target, bool ipv6)
{
	const struct attempt begun = {
		.name = hash(target->name), .port = target->port, .ipv6 = ipv6, .state = TWIN_OUT, .owner = getpid()};

	lock_take(&all.lock);
	all.latest += all.latest + 1 ? 1 : 2; /* never 0 */
	const unsigned number = all.latest;
	*place(number) = begun;
	place(number)->number = number;
	lock_give(&all.lock);
	return number;
}

void twin_end(unsigned number, int rc)
{
	bool awaited = false;

	lock_take(&all.lock);
	struct attempt *const a = place(number);
	if (number && a->number == number) {
		a->state = rc == 0 ? TWIN_STANDS : rc == -ECANCELED ? TWIN_UNKNOWN : TWIN_FAILED;
		a->rc = rc;
		a->ended = clock_now();
		awaited = a->awaited;
	}
	lock_give(&all.lock);
	if (awaited)
		engine_look();
}

/* Returns the latest attempt of this process at the other placeholder that is in that state, or NULL. */
static struct attempt *find(const struct addr *target, bool ipv6, enum twin state)
{
	const uint64_t name = hash(target->name);
	struct attempt *found = NULL;

	for (struct attempt *a = all.ring; a < all.ring + ATTEMPTS; a++)
		if (a->number && a->state == state && a->name == name && a->port == target->port && a->ipv6 != ipv6 &&
		    (!found || all.latest - a->number < all.latest - found->number) && a->owner == getpid())
			found = a;
	return found;
}

unsigned twin_out(const struct addr *target, bool ipv6)
{
	lock_take(&all.lock);
	struct attempt *const a = find(target, ipv6, TWIN_OUT);
	if (a)
		a->awaited = true;
	const unsigned number = a ? a->number : 0;
	lock_give(&all.lock);
	return number;
}

int twin_failure(const struct addr *target, bool ipv6)
{
	lock_take(&all.lock);
	const struct attempt *const a = find(target, ipv6, TWIN_FAILED);
	const int rc = a && clock_now() - a->ended < NS_PER_S ? a->rc : 0;
	lock_give(&all.lock);
	return rc;
}

enum twin twin_state(unsigned number, int *rc, int64_t *ended)
{
	lock_take(&all.lock);
	const struct attempt a = *place(number);
	lock_give(&all.lock);
	const bool known = a.number == number && a.owner == getpid();
	*rc = a.rc;
	*ended = a.ended;
	return known ? a.state : TWIN_UNKNOWN;
}
