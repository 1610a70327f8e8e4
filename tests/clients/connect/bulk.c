/* SPDX-License-Identifier: MIT */
/* bulk: read everything HOST PORT sends and print "bytes: N / mb_per_s: N"; with -x ADDR:PORT it speaks SOCKS5 itself. */
#include "tests/lib/common.h"

static void exchange(int fd, const void *bytes, size_t n, size_t answer)
{
	uint8_t text[512];

	if (send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		die("send");
	if (recv(fd, text, answer, MSG_WAITALL) != (ssize_t)answer || text[1])
		die("the proxy's answer");
}

int main(int argc, char **argv)
{
	static char bytes[1 << 18];
	struct sockaddr_storage to;
	socklen_t len;
	const char *proxy = NULL;
	size_t total = 0;
	int fd;

	if (getopt(argc, argv, "x:") == 'x')
		proxy = optarg;
	if (argc < optind + 2)
		die("bulk [-x ADDR:PORT] HOST PORT");
	const char *host = argv[optind], *port = argv[optind + 1];
	if (proxy)
		len = address_parse(proxy, &to);
	else
		len = resolve(host, port, AF_UNSPEC, &to);
	fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&to, len))
		die("connect");
	if (proxy) {
		uint8_t request[300] = {5, 1, 0, 3, (uint8_t)strlen(host)};
		const size_t n = 5 + strlen(host);
		memcpy(request + 5, host, strlen(host));
		request[n] = (uint8_t)(atoi(port) >> 8);
		request[n + 1] = (uint8_t)atoi(port);
		exchange(fd, (uint8_t[]){5, 1, 0}, 3, 2);
		exchange(fd, request, n + 2, 10);
	}
	const double start = now();
	for (ssize_t n; (n = recv(fd, bytes, sizeof(bytes), 0)) > 0;)
		total += (size_t)n;
	printf("bytes: %zu\nmb_per_s: %.0f\n", total, (double)total / 1e6 / (now() - start));
	return 0;
}
