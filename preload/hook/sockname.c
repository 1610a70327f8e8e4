/* SPDX-License-Identifier: MIT */
/* sockname: the two ends of a connection as the application sees them. */
#include <netinet/in.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/dial/bound_name.h"
#include "fd/entered.h"
#include "fd/pending.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "hook/listen.h"
#include "udp/udp.h"

/* True if the guard above may know of another peer than the kernel: of a connection over the network that did not pass this library. */
static bool may_be_another(struct fd_entry *entry, int fd, const struct sockaddr *real)
{
	return (real->sa_family == AF_INET || real->sa_family == AF_INET6) &&
	       !(entry && fd_entry_is(entry, FD_UNHEARD) && fd_entry_verify(entry, fd));
}

/* Of a socket that the library did not connect through a chain. */
static int peer_of_other(struct fd_entry *entry, int fd, struct sockaddr *to, socklen_t *len)
{
	struct sockaddr_storage real;
	socklen_t size = sizeof(real);

	if (!sys_is_marking())
		return (int)sys_rc(__extension__ sys.getpeername(fd, to, len));
	const int rc = (int)sys_rc(sys_getpeername(fd, (struct sockaddr *)&real, &size));
	if (rc)
		return rc;
	const bool ask = may_be_another(entry, fd, (struct sockaddr *)&real);
	const int told = ask ? (int)sys_rc(__extension__ sys.getpeername(fd, to, len)) : -ENOSYS; /* the guard's answer if it has gone */
	return told == -ENOSYS ? caller_give_address(to, len, &real, size) : told;
}

__extension__ int getpeername(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);
	struct endpoint peer;

	if (udp_peer(fd, &peer))
		return (int)hook_result(caller_give_address(to, len, &peer, endpoint_len(&peer)), saved);
	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_PEER))
		return (int)hook_result(peer_of_other(entry, fd, to, len), saved);
	const struct entered in = fd_enter(fd);
	fd_leave(in);
	if (in.fd != fd)
		return (int)hook_result(-ENOTCONN, saved);
	/* Ask the kernel first: it knows whether the connection still stands. */
	struct sockaddr_storage real;
	socklen_t size = sizeof(real);
	const int rc = (int)sys_rc(sys_getpeername(fd, (struct sockaddr *)&real, &size));
	if (rc)
		return (int)hook_result(rc, saved);
	if (!fd_entry_is(entry, FD_PEER) || !fd_entry_verify(entry, fd))
		return (int)hook_result(caller_give_address(to, len, &real, size), saved);
	return (int)hook_result(caller_give_address(to, len, &entry->stream.peer, endpoint_len(&entry->stream.peer)), saved);
}

/* True for addresses of one family, if IPv6 then both v4-mapped or neither. */
static bool are_alike(const struct endpoint *a, const struct endpoint *b)
{
	return a->sa.sa_family == b->sa.sa_family &&
	       (a->sa.sa_family != AF_INET6 || IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr) == IN6_IS_ADDR_V4MAPPED(&b->in6.sin6_addr));
}

/* A socket that reaches its proxy over another family has no address of the family that it talks to: answer "any" and its port. */
static socklen_t as_for(const struct endpoint *peer, struct sockaddr_storage *own, socklen_t size)
{
	const struct endpoint real = endpoint_from((struct sockaddr *)own, size);
	struct endpoint any = {.sa.sa_family = peer->sa.sa_family};

	if (are_alike(&real, peer))
		return size;
	any.in4.sin_port = real.in4.sin_port;
	memcpy(own, &any, sizeof(any));
	return endpoint_len(&any);
}

/* Ask the kernel before looking whether the socket listens at a proxy: another thread may put the socket on loopback in its place at any time. */
__extension__ int getsockname(int fd, struct sockaddr *restrict to, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);
	struct sockaddr_storage own;
	struct endpoint bound;
	socklen_t size = sizeof(own);

	if (!entry && bound_name_unused)
		return sys_getsockname(fd, to, len);
	const struct entered in = fd_enter(fd);
	const struct pending *p = in.fd != fd ? entry->stream.pending : NULL;
	const bool known = !p && entry && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd);
	int rc = (int)sys_rc(sys_getsockname(p ? pending_dialled(p) : in.fd, (struct sockaddr *)&own, &size));
	if (rc == 0 && (p || known))
		size = as_for(p ? &p->to : &entry->stream.peer, &own, size);
	if (rc == 0 && entry && fd_entry_is(entry, FD_UDP))
		udp_own(fd, (struct endpoint *)&own);
	fd_leave(in);
	if (rc == 0 && listening_name(fd, &bound))
		rc = caller_give_address(to, len, &bound, endpoint_len(&bound));
	else if (rc == 0)
		rc = caller_give_address(to, len, &own, size);
	return (int)hook_result(rc, saved);
}
