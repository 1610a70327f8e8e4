/* SPDX-License-Identifier: MIT */
/* bound_name: a small ring. */
#include "fd/bound_name.h"

#include <string.h>

#include "core/base/lock.h"
#include "fd/table.h"

enum { KEPT = 64 };

atomic_bool bound_name_used;

static struct {
	struct lock lock;
	unsigned next;
	struct {
		uint64_t cookie;
		struct endpoint at;
	} of[KEPT];
	struct addr target;
} kept;

void bound_name_use(void)
{
	bound_name_used = true;
}

void bound_name_put(uint64_t cookie, const struct endpoint *at)
{
	lock_take(&kept.lock);
	kept.of[kept.next % KEPT].cookie = cookie;
	kept.of[kept.next++ % KEPT].at = *at;
	lock_give(&kept.lock);
}

static bool is_zero(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->ip, zero, a->kind == ADDR_IPV4 ? 4 : 16) == 0;
}

/* The proxy's zero address says that it does not tell. */
void bound_name_learn(int fd, const struct dial *d)
{
	struct addr bound;
	struct endpoint at;

	if (!bound_name_used || d->route->kind != ROUTE_CHAIN)
		return;
	lock_take(&kept.lock);
	kept.target = path_request(&d->path)->target;
	lock_give(&kept.lock);
	if (tunnel_bound(&d->tunnel, &bound) && bound.kind != ADDR_NAME && !is_zero(&bound) && endpoint_to(&at, &bound, AF_UNSPEC))
		bound_name_put(fd_entry_cookie(fd), &at);
}

bool bound_name_find(uint64_t cookie, struct endpoint *at)
{
	bool found = false;

	if (!bound_name_used || !cookie)
		return false;
	lock_take(&kept.lock);
	for (unsigned i = 0; i < KEPT && !found; i++) {
		found = kept.of[i].cookie == cookie;
		if (found)
			*at = kept.of[i].at;
	}
	lock_give(&kept.lock);
	return found;
}

bool bound_name_is(const struct addr *a)
{
	struct addr known;
	bool found = false;

	if (!bound_name_used)
		return false;
	lock_take(&kept.lock);
	for (unsigned i = 0; i < KEPT && !found; i++)
		if (kept.of[i].cookie && addr_from_sockaddr(&known, &kept.of[i].at.sa, sizeof(kept.of[i].at))) {
			known.port = a->port;
			found = addr_equal(&known, a);
		}
	lock_give(&kept.lock);
	return found;
}

struct addr bound_name_target(void)
{
	lock_take(&kept.lock);
	struct addr target = kept.target;
	lock_give(&kept.lock);
	if (target.kind == ADDR_NONE)
		target.kind = ADDR_IPV4;
	return target;
}
