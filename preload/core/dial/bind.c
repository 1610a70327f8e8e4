/* SPDX-License-Identifier: MIT */
/* bind: the address in the last reply, and the proxy's own for none. */
#include "core/dial/bind.h"

#include <string.h>

#include "core/base/err.h"
#include "core/base/sys.h"

static bool is_open(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->ip, zero, a->kind == ADDR_IPV4 ? 4 : 16) == 0;
}

static bool read_peer(int fd, struct addr *proxy)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	return sys_getpeername(fd, (struct sockaddr *)&at, &len) == 0 && addr_from_sockaddr(proxy, (struct sockaddr *)&at, len) &&
	       proxy->kind != ADDR_UNIX;
}

int dial_bound(const struct dial *d, int fd, struct addr *at)
{
	struct addr proxy;

	if (!tunnel_bound(&d->tunnel, at) || at->kind == ADDR_NAME)
		return ERR_PROXY_ADDRESS;
	if (is_open(at) && read_peer(fd, &proxy)) {
		proxy.port = at->port;
		*at = proxy;
	}
	return 0;
}

int dial_bind_failure(const struct dial *d, int rc)
{
	return rc == ERR_PROXY_CLOSED && tunnel_requested(&d->tunnel) && d->tunnel.now.unanswered ? ERR_PROXY_COMMAND : rc;
}
