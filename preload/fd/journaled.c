/* SPDX-License-Identifier: MIT */
/* journaled: hand dials and closes to the journal, and keep its number in the entry. */
#include "fd/journaled.h"

#include <limits.h>

#include "core/journal/dials.h"
#include "core/journal/journal.h"

void journaled_dial(struct fd_entry *entry, int fd, const struct dial *d, int rc)
{
	const unsigned number = journal_dial(d, fd, rc);

	if (!number || !entry || !fd_entry_is(entry, FD_PEER))
		return;
	entry->stream.journal = number;
	fd_entry_set(entry, FD_JOURNALED);
	journal_told(number);
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
