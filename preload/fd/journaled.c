/* SPDX-License-Identifier: MIT */
/* journaled: hand dials and closes to the journal, and keep its number in the entry. */
#include "fd/journaled.h"

#include <errno.h>
#include <limits.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/journal/journal.h"

static int ms_since(int64_t start)
{
	return (int)((clock_now() - start) / NS_PER_MS);
}

void journaled_dial(struct fd_entry *entry, int fd, const struct dial *d, int rc)
{
	if (!journal_wanted())
		return;
	const struct journal_record r = {.target = &d->path.request.target,
					 .via = d->route->name,
					 .way = rc                              ? JOURNAL_REFUSED
						: d->route->kind == ROUTE_CHAIN ? JOURNAL_PROXIED
										: JOURNAL_DIRECT,
					 .err = rc,
					 .ms = ms_since(d->started)};
	const unsigned number = journal_add(&r, fd);
	if (!number || !entry || !fd_entry_is(entry, FD_PEER))
		return;
	entry->stream.journal = number;
	fd_entry_set(entry, FD_JOURNALED);
}

void journaled_direct(int fd, const struct addr *target, int rc)
{
	const bool failed = rc && rc != -EINPROGRESS;

	if (!journal_wanted())
		return;
	const struct journal_record r = {
		.target = target, .via = "direct", .way = failed ? JOURNAL_REFUSED : JOURNAL_DIRECT, .err = failed ? rc : 0, .ms = -1};
	journal_add(&r, fd);
}

void journaled_close(const struct fd_entry *entry, int fd)
{
	if (fd_entry_is(entry, FD_JOURNALED))
		journal_closing(entry->stream.journal, fd);
}

static void close_one(int fd, struct fd_entry *entry, void *unused)
{
	(void)unused;
	journaled_close(entry, fd);
}

void journaled_exit(void)
{
	if (journal_wanted())
		fd_table_each(0, INT_MAX, FD_JOURNALED, close_one, NULL);
}
