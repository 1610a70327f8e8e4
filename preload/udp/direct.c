/* udp: datagrams that no chain has to do with, whose way need not be decided each time. */
#include <string.h>

#include "udp/socket.h"

void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	struct fd_entry *entry = fd_entry_make(fd);

	if (!entry)
		return;
	fd_entry_lock(entry);
	fd_entry_set(entry, FD_DIRECT);
	if (!fd_entry_is(entry, FD_PEER | FD_PENDING | FD_FAILED | FD_SHUT) && len <= sizeof(entry->peer)) {
		atomic_fetch_add(&entry->version, 1); /* odd: not to be read */
		memset(&entry->peer, 0, sizeof(entry->peer));
		memcpy(&entry->peer, to, len);
		atomic_fetch_add(&entry->version, 1);
	}
	fd_entry_unlock(entry);
}

bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_DIRECT) || fd_entry_is(entry, FD_UDP | FD_PEER | FD_PENDING | FD_FAILED) ||
	    len != sizeof(struct sockaddr_in))
		return false;
	const int version = atomic_load_explicit(&entry->version, memory_order_acquire);
	const bool same = memcmp(&entry->peer, to, sizeof(struct sockaddr_in)) == 0;
	atomic_thread_fence(memory_order_acquire);
	return same && !(version & 1) && version == atomic_load_explicit(&entry->version, memory_order_relaxed);
}
