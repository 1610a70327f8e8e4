/* SPDX-License-Identifier: MIT */
/* probe: connect a socket for a moment. */
#include "udp/probe.h"

#include "core/base/sys.h"
#include "udp/name.h"

static struct addr far_end(const struct route *route)
{
	struct addr proxy = route->hops[0]->addr;

	if (proxy.kind != ADDR_IPV4 && proxy.kind != ADDR_IPV6)
		return (struct addr){.kind = ADDR_IPV4, .ip = {192, 0, 2, 1}, .port = 1}; /* RFC 5737 */
	proxy.port = proxy.port ? proxy.port : 1;
	return proxy;
}

/* Returns a socket that is connected to the proxy, or -errno. */
static int probe(int family, const struct route *route)
{
	const struct addr end = far_end(route);
	struct endpoint to;
	const int fd = endpoint_to(&to, &end, family) ? sys.socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;

	if (fd < 0)
		return -EAFNOSUPPORT;
	if (sys_connect(fd, &to.sa, endpoint_len(&to)) == 0)
		return fd;
	sys.close(fd);
	return -ENETUNREACH;
}

bool udp_probe_own(int family, const struct route *route, struct endpoint *own)
{
	const int fd = probe(family, route);
	const bool found = fd >= 0 && udp_name(fd, own);

	if (fd >= 0)
		sys.close(fd);
	return found;
}

int udp_probe_mtu(int family, const struct route *route)
{
	const int fd = probe(family, route);
	int mtu = fd;
	socklen_t len = sizeof(mtu);

	if (fd < 0)
		return fd;
	/* An IPv6 socket that is connected to a v4-mapped address answers the question of IPv4 only. */
	if (sys.getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len) && sys.getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &len))
		mtu = -errno;
	sys.close(fd);
	return mtu;
}
