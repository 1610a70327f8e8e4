/* udp: datagrams that no chain has to do with, whose way need not be decided each time. */
#include <string.h>

#include "net/udp.h"

void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	struct slot *slot = slot_make(fd);

	if (!slot)
		return;
	slot_lock(slot);
	slot_set(slot, SLOT_DIRECT);
	if (!slot_is(slot, SLOT_PEER | SLOT_PENDING | SLOT_FAILED | SLOT_SHUT) && len <= sizeof(slot->peer)) {
		atomic_fetch_add(&slot->version, 1); /* odd: not to be read */
		memset(&slot->peer, 0, sizeof(slot->peer));
		memcpy(&slot->peer, to, len);
		atomic_fetch_add(&slot->version, 1);
	}
	slot_unlock(slot);
}

bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len)
{
	const struct slot *slot = slot_find(fd);

	if (!slot || !slot_is(slot, SLOT_DIRECT) || slot_is(slot, SLOT_UDP | SLOT_PEER | SLOT_PENDING | SLOT_FAILED) ||
	    len != sizeof(struct sockaddr_in))
		return false;
	const int version = atomic_load_explicit(&slot->version, memory_order_acquire);
	const bool same = memcmp(&slot->peer, to, sizeof(struct sockaddr_in)) == 0;
	atomic_thread_fence(memory_order_acquire);
	return same && !(version & 1) && version == atomic_load_explicit(&slot->version, memory_order_relaxed);
}
