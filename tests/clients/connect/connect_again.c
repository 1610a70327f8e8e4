/* SPDX-License-Identifier: MIT */
/* connect_again: connect_again ADDR:PORT N: N times begin a connect, dissolve it at some moment of the dial, connect again, have a line echoed. */
#include "tests/lib/common.h"

#include <poll.h>

/* Whether the socket's second connection is its own. */
static bool works(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = -1;
	socklen_t size = sizeof(error);
	char text[8];

	poll(&p, 1, 20000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error) {
		printf("SO_ERROR: %s\n", error_name(error));
		return false;
	}
	p.events = POLLIN;
	return send(fd, "again", 5, MSG_NOSIGNAL) == 5 && poll(&p, 1, 20000) == 1 && recv(fd, text, sizeof(text), 0) == 5;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int good = 0;

	if (argc < 3)
		die("connect_again ADDR:PORT N");
	const socklen_t len = address_parse(argv[1], &to);
	for (int i = 0; i < atoi(argv[2]); i++) {
		const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fd, (struct sockaddr *)&to, len);
		nanosleep(&(struct timespec){.tv_nsec = i % 200 * 10000}, NULL);
		connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
		if (connect(fd, (struct sockaddr *)&to, len) < 0 && errno != EINPROGRESS)
			say("connect", -1);
		good += works(fd);
		close(fd);
	}
	printf("good: %d\n", good);
	return 0;
}
