/* SPDX-License-Identifier: MIT */
/* dials: turn each into a record. */
#include "core/journal/dials.h"

#include <errno.h>

#include "core/base/clock.h"
#include "core/journal/journal.h"

static int ms_since(int64_t start)
{
	return (int)((clock_now() - start) / NS_PER_MS);
}

unsigned journal_dial(const struct dial *d, int fd, int rc)
{
	if (!journal_wanted())
		return 0;
	const struct journal_record r = {.target = &d->path.request.target,
					 .via = d->route->name,
					 .way = rc                              ? JOURNAL_REFUSED
						: d->route->kind == ROUTE_CHAIN ? JOURNAL_PROXIED
										: JOURNAL_DIRECT,
					 .err = rc,
					 .ms = ms_since(d->started)};
	return journal_add(&r, fd);
}

void journal_direct(const struct addr *target, int fd, int rc)
{
	const bool failed = rc && rc != -EINPROGRESS;

	if (!journal_wanted())
		return;
	const struct journal_record r = {
		.target = target, .via = "direct", .way = failed ? JOURNAL_REFUSED : JOURNAL_DIRECT, .err = rc, .ms = -1};
	journal_add(&r, fd);
}

void journal_datagram(const struct addr *target, const struct route *route, int rc)
{
	const struct journal_record r = {.target = target,
					 .via = route->name,
					 .udp = true,
					 .way = rc && rc != -EINPROGRESS     ? JOURNAL_REFUSED
						: route->kind == ROUTE_CHAIN ? JOURNAL_PROXIED
									     : JOURNAL_DIRECT,
					 .err = rc,
					 .ms = -1};
	journal_add(&r, -1);
}

void journal_refusal(const struct addr *target, int rc)
{
	if (journal_wanted())
		journal_add(&(struct journal_record){.target = target, .via = "", .way = JOURNAL_REFUSED, .err = rc, .ms = -1}, -1);
}
