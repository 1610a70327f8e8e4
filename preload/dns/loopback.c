/* SPDX-License-Identifier: MIT */
/* loopback: bind to port 0, and ask the kernel which port that became. */
#include "dns/loopback.h"

#include "core/base/own.h"
#include "core/base/sys.h"

static int bind_to_loopback(int fd, int family, struct addr *at)
{
	const struct addr any = addr_loopback(family, 0);
	struct sockaddr_storage a;
	socklen_t len = addr_to_sockaddr(&any, &a, family);

	if (__extension__ sys.bind(fd, (struct sockaddr *)&a, len) || __extension__ sys.getsockname(fd, (struct sockaddr *)&a, &len))
		return -errno;
	return addr_from_sockaddr(at, (struct sockaddr *)&a, len) ? 0 : -EINVAL;
}

int loopback_socket(int family, int type, struct addr *at)
{
	const int fd = own_socket(family, type | SOCK_NONBLOCK);
	const int rc = fd < 0 ? fd : bind_to_loopback(fd, family, at);

	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}
