/* SPDX-License-Identifier: MIT */
/* connect_full: connect_full HOST PORT LINE: a nonblocking connect by a program that uses every descriptor it may have. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/resource.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	char text[256];
	int error = -1;
	socklen_t size = sizeof(error);

	if (argc < 4)
		die("connect_full HOST PORT LINE");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){32, 32});
	while (dup(0) >= 0)
		;
	if (connect(fd, (struct sockaddr *)&to, len) < 0 && errno != EINPROGRESS)
		return say("connect", -1), 1;
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	poll(&p, 1, 20000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
	dprintf(fd, "%s\n", argv[3]);
	p.events = POLLIN;
	poll(&p, 1, 20000);
	const ssize_t n = read(fd, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	return 0;
}
