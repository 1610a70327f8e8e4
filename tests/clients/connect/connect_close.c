/* SPDX-License-Identifier: MIT */
/* connect_close: connect_close ADDR PORT: begin a connect, close it in mid-dial, use the number for another, fifty times. */
#include "tests/lib/common.h"

#include <poll.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int good = 0, error = 0;
	socklen_t size = sizeof(error);
	char text[8];

	if (argc < 3)
		die("connect_close HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	for (int i = 0; i < 50; i++) {
		const int given_up = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(given_up, (struct sockaddr *)&to, len);
		close(given_up);
		const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		struct pollfd p = {fd, POLLOUT, 0};
		if (fd != given_up)
			printf("the number %d did not come back but %d\n", given_up, fd);
		connect(fd, (struct sockaddr *)&to, len);
		if (i % 10) { /* the kernel's own: nothing is there to be read, and nothing is said of the one that was closed */
			close(fd);
			good++;
			continue;
		}
		poll(&p, 1, 20000);
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || error)
			printf("SO_ERROR: %s\n", error_name(error));
		p.events = POLLIN;
		good += send(fd, "again", 5, MSG_NOSIGNAL) == 5 && poll(&p, 1, 20000) == 1 && recv(fd, text, sizeof(text), 0) == 5;
		close(fd);
	}
	printf("good: %d\n", good);
	return good != 50;
}
