/* SPDX-License-Identifier: MIT */
/* near: bind, and connect both ways. */
#include "cli/guard/datagram/near.h"

#include "cli/guard/guest/mirror.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/loopback.h"

/* Hear nobody else. Returns the socket, or -errno after closing it. */
static int only(int fd, const struct endpoint *own, int rc)
{
	if (rc == 0)
		rc = (int)sys_rc(sys_connect(fd, &own->sa, endpoint_len(own)));
	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

/* Returns an IPv6 socket on IPv4's loopback, or -errno. */
static int mapped_socket(struct endpoint *here)
{
	const struct addr any = addr_loopback(AF_INET, 0);
	const int fd = own_socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK);

	if (fd < 0)
		return fd;
	endpoint_to(here, &any, AF_INET6);
	sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	int rc = socket_bind(fd, here);
	rc = rc ? rc : socket_address(fd, here);
	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

static int loopback(int family, struct endpoint *here)
{
	struct addr at;
	const int fd = loopback_socket(family, SOCK_DGRAM, &at);

	if (fd >= 0)
		endpoint_to(here, &at, family);
	return fd;
}

static bool is_mapped(const struct endpoint *e)
{
	return e->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&e->in6.sin6_addr);
}

int near_connect(const struct guest_socket *s, const struct endpoint *to, struct endpoint *own)
{
	struct endpoint here;
	const int fd = is_mapped(to) ? mapped_socket(&here) : loopback(s->family, &here);

	if (fd < 0)
		return fd;
	const int rc = socket_connect(s, &here.sa, endpoint_len(&here));
	return only(fd, own, rc ? rc : socket_address(s->fd, own));
}

/* Find the address from which a socket that is bound to `bound` sends to its peer. */
static int find_own(const struct endpoint *bound, const struct endpoint *to, struct endpoint *own)
{
	*own = *bound;
	if (!endpoint_is_unspecified(bound))
		return 0;
	const int fd = mirror_socket(bound->sa.sa_family, SOCK_DGRAM);
	int rc = fd < 0 ? fd : (int)sys_rc(sys_connect(fd, &to->sa, endpoint_len(to)));
	if (rc == 0)
		rc = socket_address(fd, own);
	own->in4.sin_port = bound->in4.sin_port;
	own_close(fd);
	return rc;
}

int near_mirror(const struct endpoint *bound, const struct endpoint *to, struct endpoint *own)
{
	const int rc = find_own(bound, to, own), fd = rc ? rc : mirror_socket(bound->sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK);

	if (fd < 0)
		return fd;
	sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	return only(fd, own, socket_bind(fd, to));
}

int near_be(struct near_face *face, const struct endpoint *bound, const struct endpoint *to)
{
	struct endpoint own;

	if (face->fd >= 0 && endpoint_equal(&face->to, to))
		return face->fd;
	own_close(face->fd);
	face->to = *to;
	return face->fd = near_mirror(bound, to, &own);
}

bool near_is_left(const struct endpoint *own, bool mirrored)
{
	const int family = own->sa.sa_family, fd = mirrored ? mirror_socket(family, SOCK_DGRAM) : own_socket(family, SOCK_DGRAM);
	const bool is_free = fd >= 0 && socket_bind(fd, own) == 0;

	own_close(fd);
	return is_free;
}
