/* udp: datagrams that no chain has to do with, whose way need not be decided each time. */
#include <string.h>

#include "fd/pending.h"
#include "udp/socket.h"

/* A stream ignores the destination of a send. */
static bool is_stream(struct fd_entry *entry, int fd)
{
	pending_leave(pending_enter(fd)); /* forget a dial whose number was closed behind our back */
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
	atomic_fetch_add(&entry->datagram.version, 1); /* odd: not to be read */
	memcpy(&entry->datagram.direct, to, len < sizeof(entry->datagram.direct) ? len : sizeof(entry->datagram.direct));
	atomic_fetch_add(&entry->datagram.version, 1);
	lock_give(&entry->lock);
}

bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_DIRECT) || fd_entry_is(entry, FD_UDP) || len != sizeof(struct sockaddr_in))
		return false;
	const int version = atomic_load_explicit(&entry->datagram.version, memory_order_acquire);
	const bool same = memcmp(&entry->datagram.direct, to, sizeof(struct sockaddr_in)) == 0;
	atomic_thread_fence(memory_order_acquire);
	return same && !(version & 1) && version == atomic_load_explicit(&entry->datagram.version, memory_order_relaxed);
}
