/* SPDX-License-Identifier: MIT */
/* first: connect(2) to one address of the first hop after the other. */
#include "core/dial/first.h"

#include <net/if.h>

#include "core/base/err.h"
#include "core/base/sys.h"

void dial_disconnect(int fd)
{
	sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
}

int dial_ask(struct dial *d)
{
	const struct request *const request = path_request(&d->path);

	d->manner = tunnel_manner(d->path.hops, d->path.n, d->isolated ? &d->login : NULL);
	return tunnel_ask(&d->tunnel, d->path.hops, d->path.n, &d->manner, request->command, &request->target);
}

int dial_error(const struct dial *d, int error)
{
	if (!d->path.n)
		return -error;
	switch (error) {
	case ECONNREFUSED:
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENOENT: /* a unix socket that is not there */
		return ERR_PROXY_DOWN;
	case ECONNRESET:
	case EPIPE:
		return ERR_PROXY_CLOSED;
	case ETIMEDOUT:
		return ERR_PROXY_SILENT;
	default:
		return -error;
	}
}

/* True if the device that the socket is bound to leads elsewhere than to this machine: the kernel would send SYNs out of it for minutes. */
static bool leaves_machine(int fd)
{
	struct ifreq device = {0};
	socklen_t len = sizeof(device.ifr_name);

	return sys.getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device.ifr_name, &len) == 0 && len > 0 &&
	       sys.ioctl(fd, SIOCGIFFLAGS, &device) == 0 && !(device.ifr_flags & IFF_LOOPBACK);
}

/* An IPv6 socket that is bound to an address has no way to an IPv4 one. Another socket has: the proxy is not what it was bound for. */
static bool needs_another(struct dial *d, long rc)
{
	if (rc != -ENETUNREACH || !d->path.n || d->family != AF_INET6 || d->first.kind != ADDR_IPV4 || d->apart)
		return false;
	d->apart = true;
	return true;
}

/* If the kernel holds the proxy's cookie, the first message goes out with the SYN; else this is a connect(2). TCP_FASTOPEN_CONNECT would stay
 * set on the program's socket. */
static long open_fast(struct dial *d, int fd, const struct sockaddr *to, socklen_t len)
{
	const struct slice bytes = tunnel_unsent(&d->tunnel);

	if (!d->path.n || !d->path.hops[0]->fast_open || d->first.kind == ADDR_UNIX)
		return -EOPNOTSUPP;
	const long n = sys_rc(sys_sendto(fd, bytes.at, bytes.len, MSG_FASTOPEN | MSG_DONTWAIT | MSG_NOSIGNAL, to, len));
	if (n > 0)
		tunnel_sent(&d->tunnel, (size_t)n);
	return n > 0 ? 0 : n;
}

/* A blocking socket is nonblocking for the length of one call, because connect(2) knows no MSG_DONTWAIT. */
static long open_plain(const struct dial *d, int fd, const struct sockaddr *to, socklen_t len)
{
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags | O_NONBLOCK);
	const long rc = sys_rc(sys_connect(fd, to, len));
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags);
	return rc;
}

int dial_connect(struct dial *d, int fd)
{
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(&d->first, &to, d->family);

	if (!len)
		return ERR_PROXY_ADDRESS;
	if (d->on_device && addr_is_loopback(&d->first) && leaves_machine(fd))
		return dial_error(d, ENETUNREACH);
	if (d->family == AF_INET6 && d->first.kind == ADDR_IPV4)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	long rc = open_fast(d, fd, (struct sockaddr *)&to, len);
	if (rc == -EOPNOTSUPP)
		rc = open_plain(d, fd, (struct sockaddr *)&to, len);
	if (needs_another(d, rc))
		return DIAL_SOCKET;
	d->no_route = rc == -ENETUNREACH;
	return rc == 0 || rc == -EINPROGRESS ? DIAL_WRITE : dial_error(d, (int)-rc);
}

static void use_address(struct dial *d, int i)
{
	d->first = lookup_address(&d->found, i, d->first.port);
	d->at = i;
}

void dial_found(struct dial *d, const struct addresses *found)
{
	d->found = *found;
	d->looked_up = true;
	if (found->n)
		use_address(d, lookup_first(found, d->family));
}

int dial_connect_others(struct dial *d, int fd, int rc)
{
	while (rc < 0 && d->at + 1 < d->found.n) {
		use_address(d, d->at + 1);
		dial_disconnect(fd);
		dial_ask(d);
		const int tried = dial_connect(d, fd);
		if (tried != ERR_PROXY_ADDRESS) /* this socket cannot reach that address */
			rc = tried;
	}
	return rc;
}

/* The kernel records our disconnect as an error, so read that. */
void dial_clear(int fd)
{
	int error;
	socklen_t len = sizeof(error);

	dial_disconnect(fd);
	sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
}
