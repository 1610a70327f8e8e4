/* SPDX-License-Identifier: MIT */
/* many_peers: many_peers ADDR:PORT...: one datagram socket, bound to a port, in an epoll set, and with a second number, sends to each of them by either
 * number, and prints who answers; then what a stranger on this machine sends to it; and whether its address has stayed. */
#include "tests/lib/common.h"

#include <sys/epoll.h>

static int set, fd, twin;

static void receive(void)
{
	struct epoll_event seen;
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char bytes[64];

	if (epoll_wait(set, &seen, 1, 20000) != 1) {
		puts("nothing");
		return;
	}
	const ssize_t n = recvfrom(seen.data.u64 == 4711 ? fd : -1, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&from, &len);
	if (n < 0)
		say("recvfrom", -1);
	else if (bytes[0] == 's') /* of a port that nobody knows beforehand */
		printf("%.*s\n", (int)n, bytes);
	else
		printf("%.*s from %s\n", (int)n, bytes, address_text(&from));
}

static void be_stranger(void)
{
	struct sockaddr_in to;
	const int stranger = socket(AF_INET, SOCK_DGRAM, 0);

	getsockname(fd, (struct sockaddr *)&to, &(socklen_t){sizeof(to)});
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sendto(stranger, "stranger", 8, 0, (struct sockaddr *)&to, sizeof(to));
}

int main(int argc, char **argv)
{
	const struct sockaddr_in any = {.sin_family = AF_INET};
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 4711};
	struct sockaddr_in before, after;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	bind(fd, (const struct sockaddr *)&any, sizeof(any));
	getsockname(fd, (struct sockaddr *)&before, &(socklen_t){sizeof(before)});
	set = epoll_create1(0);
	epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
	twin = dup(fd);
	for (int i = 1; i < argc; i++) {
		struct sockaddr_storage to;
		const socklen_t len = address_parse(argv[i], &to);
		if (sendto(i % 2 ? fd : twin, "hello", 5, 0, (struct sockaddr *)&to, len) < 0)
			say("sendto", -1);
		else
			receive();
	}
	be_stranger();
	receive();
	getsockname(twin, (struct sockaddr *)&after, &(socklen_t){sizeof(after)});
	puts(memcmp(&before, &after, sizeof(after)) ? "another address" : "the same address");
	return epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL) ? say("epoll_ctl", -1) : 0;
}
