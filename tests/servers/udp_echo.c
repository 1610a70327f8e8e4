/* SPDX-License-Identifier: MIT */
/* udp_echo: answer each datagram with itself: udp_echo ADDR:PORT [ADDR:PORT]
 * "twice" is answered twice, "source" with the address it came from, "silence" not at all, "moved" from the second address. */
#include "tests/lib/common.h"

#include <poll.h>

static int listen_at(const char *where)
{
	struct sockaddr_storage a;
	socklen_t len = address_parse(where, &a);
	const int fd = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (a.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){4 << 20}, sizeof(int));
	if (!len || bind(fd, (struct sockaddr *)&a, len))
		die(where);
	return fd;
}

int main(int argc, char **argv)
{
	static char bytes[65536];
	struct sockaddr_storage from;
	int fds[2] = {-1, -1};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc < 2)
		die("udp_echo ADDR:PORT [ADDR:PORT]");
	for (int i = 1; i < argc && i < 3; i++)
		fds[i - 1] = listen_at(argv[i]);
	socklen_t len = sizeof(from);
	getsockname(fds[0], (struct sockaddr *)&from, &len);
	printf("%d\n", ntohs(((struct sockaddr_in *)&from)->sin_port));
	fflush(stdout);
	for (;;) {
		struct pollfd p[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
		poll(p, 2, -1);
		for (int i = 0; i < 2; i++) {
			if (!(p[i].revents & POLLIN))
				continue;
			len = sizeof(from);
			ssize_t n = recvfrom(fds[i], bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len);
			if (n < 0 || (n == 7 && !memcmp(bytes, "silence", 7)))
				continue;
			const int out = n == 5 && !memcmp(bytes, "moved", 5) && fds[1] >= 0 ? fds[1] : fds[i];
			const int times = n == 5 && !memcmp(bytes, "twice", 5) ? 2 : 1;
			if (n == 6 && !memcmp(bytes, "source", 6))
				n = snprintf(bytes, sizeof(bytes), "%s", address_text(&from));
			for (int t = 0; t < times; t++)
				sendto(out, bytes, (size_t)n, 0, (struct sockaddr *)&from, len);
		}
	}
}
