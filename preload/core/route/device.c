/* SPDX-License-Identifier: MIT */
/* device: ask the kernel. */
#include "core/route/device.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/base/sys.h"

enum { LOOPBACK = 1 }; /* the number of the first device of every network namespace */

/* Returns the device's number, 0 if none is chosen. */
static int number(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return sys.getsockopt(fd, level, name, &value, &len) == 0 ? value : 0;
}

static bool is_away(int number)
{
	return number != 0 && number != LOOPBACK;
}

bool device_leads_away(int fd)
{
	return is_away(number(fd, SOL_SOCKET, SO_BINDTOIFINDEX)) ||
	       is_away((int)ntohl((uint32_t)number(fd, IPPROTO_IP, IP_UNICAST_IF))) ||
	       is_away((int)ntohl((uint32_t)number(fd, IPPROTO_IPV6, IPV6_UNICAST_IF)));
}
