/* SPDX-License-Identifier: MIT */
/* name: the two ends of a socket as the kernel has them, as endpoints. Both return false with errno set if there is none. */
#ifndef UDP_NAME_H
#define UDP_NAME_H

#include "core/base/endpoint.h"
#include "core/base/sys.h"

static inline bool udp_name(int fd, struct endpoint *own)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	if (sys_getsockname(fd, (struct sockaddr *)&a, &len))
		return false;
	*own = endpoint_from((struct sockaddr *)&a, len);
	return true;
}

static inline bool udp_peer_name(int fd, struct endpoint *peer)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	if (sys_getpeername(fd, (struct sockaddr *)&a, &len))
		return false;
	*peer = endpoint_from((struct sockaddr *)&a, len);
	return true;
}

#endif
