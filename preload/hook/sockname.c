/* SPDX-License-Identifier: MIT */
/* sockname: the two ends of a connection as the application sees them. */
#include <netinet/in.h>
#include <string.h>

#include "fd/entered.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "udp/udp.h"

/* Copy `size` bytes of an address to a caller that has room for *len. */
static void give(struct sockaddr *to, socklen_t *len, const void *address, socklen_t size)
{
	memcpy(to, address, *len < size ? *len : size);
	*len = size;
}

__extension__ int getpeername(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);

	struct endpoint peer;
	if (udp_peer(fd, &peer)) {
		if (!to || !len)
			return (int)hook_result(-EFAULT, saved);
		give(to, len, &peer, endpoint_len(&peer));
		return 0;
	}
	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_PEER))
		return __extension__ sys.getpeername(fd, to, len);
	const struct entered in = fd_enter(fd);
	fd_leave(in);
	if (in.fd != fd)
		return (int)hook_result(-ENOTCONN, saved);
	/* Ask the kernel first: it knows whether the connection still stands and whether the caller's memory is valid. */
	const socklen_t room = len ? *len : 0;
	const int rc = (int)sys_rc(__extension__ sys.getpeername(fd, to, len));
	if (rc == 0 && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd)) {
		*len = room;
		give(to, len, &entry->stream.peer, endpoint_len(&entry->stream.peer));
	}
	return (int)hook_result(rc, saved);
}

/* An IPv4 socket that reaches its proxy over IPv6 or a unix socket has no IPv4 address: answer "any" and its port. */
static void in_its_family(const struct fd_entry *entry, struct sockaddr *to, socklen_t *len, socklen_t room)
{
	const struct endpoint real = endpoint_from(to, room < *len ? room : *len);
	struct endpoint any = {.sa.sa_family = entry->stream.peer.sa.sa_family};

	if (room >= sizeof(to->sa_family) && to->sa_family == any.sa.sa_family)
		return;
	any.in4.sin_port = real.in4.sin_port;
	*len = room;
	give(to, len, &any, endpoint_len(&any));
}

__extension__ int getsockname(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	const struct entered in = fd_enter(fd);
	const socklen_t room = len ? *len : 0;
	const int rc = (int)sys_rc(__extension__ sys.getsockname(in.fd, to, len));
	struct fd_entry *entry = fd_entry_find(fd);

	if (rc == 0 && entry && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd))
		in_its_family(entry, to, len, room);
	fd_leave(in);
	return (int)hook_result(rc, saved);
}
