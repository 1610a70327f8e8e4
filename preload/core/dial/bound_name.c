/* SPDX-License-Identifier: MIT */
/* bound_name: small rings. */
#include "core/dial/bound_name.h"

#include "core/base/lock.h"
#include "core/base/sys.h"

enum { KEPT = 64, PROGRAMS = 8 };

atomic_bool bound_name_used, bound_name_unused;

static struct {
	struct lock lock;
	unsigned next, next_program;
	struct {
		uint64_t cookie;
		struct endpoint at;
	} of[KEPT];
	struct program {
		const struct app *app;
		struct addr target;
	} programs[PROGRAMS];
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

/* Returns NULL if it is not known. Locked. */
static struct program *program_of(const struct app *app)
{
	for (unsigned i = 0; i < PROGRAMS; i++)
		if (kept.programs[i].app == app && kept.programs[i].target.kind != ADDR_NONE)
			return &kept.programs[i];
	return NULL;
}

static void keep_target(const struct app *app, const struct addr *target)
{
	lock_take(&kept.lock);
	struct program *p = program_of(app);
	if (!p)
		p = &kept.programs[kept.next_program++ % PROGRAMS];
	p->app = app;
	p->target = *target;
	lock_give(&kept.lock);
}

/* The proxy's zero address says that it does not tell. */
void bound_name_learn(int fd, const struct app *app, const struct dial *d)
{
	struct addr bound;
	struct endpoint at;

	if (!bound_name_used || d->route->kind != ROUTE_CHAIN)
		return;
	keep_target(app, &path_request(&d->path)->target);
	if (tunnel_bound(&d->tunnel, &bound) && bound.kind != ADDR_NAME && !addr_is_unspecified(&bound) &&
	    endpoint_to(&at, &bound, AF_UNSPEC))
		bound_name_put(sys_cookie(fd), &at);
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

struct addr bound_name_target(const struct app *app)
{
	lock_take(&kept.lock);
	const struct program *const p = program_of(app);
	const struct addr target = p ? p->target : (struct addr){.kind = ADDR_IPV4};
	lock_give(&kept.lock);
	return target;
}
