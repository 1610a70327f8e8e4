/* SPDX-License-Identifier: MIT */
/* own_address: own_address HOST PORT: connect an IPv6 datagram socket to HOST, IPv4 as mapped, as libc does in order to sort addresses; prints the
 * family of the address that it has then: "own: mapped" or "own: ipv6". */
#include "tests/lib/common.h"

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct sockaddr_in6 own;
	socklen_t size = sizeof(own);
	const int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (argc < 3)
		die("own_address HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_INET6, &to);
	if (connect(fd, (struct sockaddr *)&to, len) || getsockname(fd, (struct sockaddr *)&own, &size))
		die("connect");
	printf("own: %s\n", IN6_IS_ADDR_V4MAPPED(&own.sin6_addr) ? "mapped" : "ipv6");
	return 0;
}
