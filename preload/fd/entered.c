/* SPDX-License-Identifier: MIT */
/* entered: hold the entry's lock while a dial is pending, so that its socket stays behind the decoy. */
#include "fd/entered.h"

#include "fd/pending.h"

struct entered fd_enter(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_PENDING))
		return (struct entered){.fd = fd};
	lock_take(&entry->lock);
	const struct pending *p = fd_entry_is(entry, FD_PENDING) ? entry->stream.pending : NULL;
	if (p && decoy_is_at(p->decoy, fd))
		return (struct entered){.fd = p->real, .locked = entry};
	if (p)
		pending_unmark(entry); /* the number was closed behind our back; the dial will notice */
	return (struct entered){.fd = fd, .locked = entry};
}

void fd_leave(struct entered in)
{
	if (in.locked)
		lock_give(&in.locked->lock);
}

void fd_await(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (entry)
		fd_entry_await(entry);
}
