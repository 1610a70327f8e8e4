/* SPDX-License-Identifier: MIT */
/* connect_order: connect_order ADDR:PORT...: begins a nonblocking connect to each, one after the other; says how each ended, in the order in which
 * they end: "ADDR:PORT: ok" or its error. */
#include "tests/lib/common.h"

#include <poll.h>

enum { MOST = 64 };

static int begin(const char *where)
{
	struct sockaddr_storage to;
	const socklen_t len = address_parse(where, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (connect(fd, (struct sockaddr *)&to, len) == 0 || errno != EINPROGRESS)
		die(where);
	return fd;
}

static void tell(const char *where, int fd)
{
	int error = -1;
	socklen_t len = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	printf("%s: %s\n", where, error ? error_name(error) : "ok");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct pollfd polls[MOST];
	const int n = argc - 1;

	for (int i = 0; i < n && i < MOST; i++)
		polls[i] = (struct pollfd){begin(argv[i + 1]), POLLOUT, 0};
	for (int left = n; left && poll(polls, (nfds_t)n, 20000) > 0;)
		for (int i = 0; i < n; i++)
			if (polls[i].fd >= 0 && polls[i].revents) {
				tell(argv[i + 1], polls[i].fd);
				polls[i].fd = -1;
				left--;
			}
	return 0;
}
