/* SPDX-License-Identifier: MIT */
/* sockname: the two ends of a connection as the application sees them. */
#include <netinet/in.h>
#include <string.h>

#include "core/base/caller.h"
#include "fd/entered.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "udp/udp.h"

__extension__ int getpeername(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);
	struct endpoint peer;

	if (udp_peer(fd, &peer))
		return (int)hook_result(caller_give_address(to, len, &peer, endpoint_len(&peer)), saved);
	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_PEER))
		return __extension__ sys.getpeername(fd, to, len);
	const struct entered in = fd_enter(fd);
	fd_leave(in);
	if (in.fd != fd)
		return (int)hook_result(-ENOTCONN, saved);
	/* Ask the kernel first: it knows whether the connection still stands. */
	struct sockaddr_storage real;
	socklen_t size = sizeof(real);
	const int rc = (int)sys_rc(__extension__ sys.getpeername(fd, (struct sockaddr *)&real, &size));
	if (rc)
		return (int)hook_result(rc, saved);
	if (!fd_entry_is(entry, FD_PEER) || !fd_entry_verify(entry, fd))
		return (int)hook_result(caller_give_address(to, len, &real, size), saved);
	return (int)hook_result(caller_give_address(to, len, &entry->stream.peer, endpoint_len(&entry->stream.peer)), saved);
}

/* An IPv4 socket that reaches its proxy over IPv6 or a unix socket has no IPv4 address: answer "any" and its port. */
static socklen_t in_its_family(const struct fd_entry *entry, struct sockaddr_storage *own, socklen_t size)
{
	const struct endpoint real = endpoint_from((struct sockaddr *)own, size);
	struct endpoint any = {.sa.sa_family = entry->stream.peer.sa.sa_family};

	if (own->ss_family == any.sa.sa_family)
		return size;
	any.in4.sin_port = real.in4.sin_port;
	memcpy(own, &any, sizeof(any));
	return endpoint_len(&any);
}

__extension__ int getsockname(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);
	struct sockaddr_storage own;
	socklen_t size = sizeof(own);

	if (!entry)
		return __extension__ sys.getsockname(fd, to, len);
	const struct entered in = fd_enter(fd);
	int rc = (int)sys_rc(__extension__ sys.getsockname(in.fd, (struct sockaddr *)&own, &size));
	if (rc == 0 && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd))
		size = in_its_family(entry, &own, size);
	fd_leave(in);
	if (rc == 0)
		rc = caller_give_address(to, len, &own, size);
	return (int)hook_result(rc, saved);
}
