/* SPDX-License-Identifier: MIT */
/* udp: remember where a socket last sent directly, so that the next send there needs no decision. */
#include <stddef.h>
#include <string.h>

#include "fd/entered.h"
#include "udp/socket.h"

/* True for a stream, which ignores the destination of a send. */
static bool is_stream(struct fd_entry *entry, int fd)
{
	fd_leave(fd_enter(fd)); /* forget a dial whose number was closed behind our back */
	return fd_entry_is(entry, FD_PENDING) || (fd_entry_is(entry, FD_STREAM | FD_DBUS) && fd_entry_verify(entry, fd));
}

void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	struct fd_entry *entry = fd_entry_make(fd);

	if (!entry || is_stream(entry, fd))
		return;
	lock_take(&entry->lock);
	fd_entry_become(entry, FD_DATAGRAM);
	fd_entry_set(entry, FD_DIRECT);
	if (fd_entry_is(entry, FD_UDP))
		entry->datagram.udp->direct = true;
	if (seqlock_write(&entry->datagram.lock)) {
		entry->datagram.direct = endpoint_from(to, len);
		seqlock_written(&entry->datagram.lock);
	}
	lock_give(&entry->lock);
}

bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_DIRECT) || fd_entry_is(entry, FD_UDP) || len != sizeof(struct sockaddr_in))
		return false;
	const unsigned version = seqlock_read(&entry->datagram.lock);
	const bool same = memcmp(&entry->datagram.direct, to, offsetof(struct sockaddr_in, sin_zero)) == 0;
	return seqlock_was_read(&entry->datagram.lock, version) && same;
}
