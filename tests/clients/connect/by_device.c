/* SPDX-License-Identifier: MIT */
/* by_device DEVICE HOST PORT: connect and send there by sockets that have chosen a device, and say how that went. */
#include "tests/lib/common.h"

#include <net/if.h>
#include <sys/time.h>

static const char *device;

static int bound(int family, int type)
{
	const int fd = socket(family, type, 0);
	const struct timeval patience = {.tv_sec = 2};

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)))
		die("SO_BINDTODEVICE");
	return fd;
}

static int choosing(int family)
{
	const int fd = socket(family, SOCK_DGRAM, 0);
	const uint32_t number = htonl(if_nametoindex(device));

	if (family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_UNICAST_IF, &number, sizeof(number))
			      : setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_IF, &number, sizeof(number)))
		die("UNICAST_IF");
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;

	if (argc != 4)
		return 2;
	device = argv[1];
	const int family = strchr(argv[2], ':') ? AF_INET6 : AF_INET;
	const socklen_t len = resolve(argv[2], argv[3], family, &to);
	say("stream", connect(bound(family, SOCK_STREAM), (struct sockaddr *)&to, len));
	say("datagrams", connect(bound(family, SOCK_DGRAM), (struct sockaddr *)&to, len));
	say("message", sendto(bound(family, SOCK_DGRAM), "x", 1, 0, (struct sockaddr *)&to, len) == 1 ? 0 : -1);
	say("chosen", sendto(choosing(family), "x", 1, 0, (struct sockaddr *)&to, len) == 1 ? 0 : -1);
	return 0;
}
