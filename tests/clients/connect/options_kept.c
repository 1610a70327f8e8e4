/* SPDX-License-Identifier: MIT */
/* options_kept: options_kept HOST PORT: options set before, during and after a nonblocking connect; prints which of them hold at its end. */
#include "tests/lib/common.h"

#include <poll.h>

static int option(int fd, int name)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &size) ? -1 : value;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	const int on = 1;

	if (argc < 3)
		die("options_kept HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
	poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 20000);
	printf("SO_ERROR: %s\n", error_name(option(fd, SO_ERROR)));
	printf("before: %d\nduring: %d\n", option(fd, SO_OOBINLINE), option(fd, SO_KEEPALIVE));
	printf("flags: %s\n", fcntl(fd, F_GETFL) & O_ASYNC ? "kept" : "lost");
	say("after", setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	return 0;
}
