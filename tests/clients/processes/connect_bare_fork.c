/* SPDX-License-Identifier: MIT */
/* connect_bare_fork: connect_bare_fork ADDR:PORT: while a dial goes on, a child of _Fork, which runs no fork handlers, connects without
 * blocking. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/wait.h>

enum { LONG_MS = 10000 };

static int connects(const struct sockaddr_storage *to, socklen_t len)
{
	struct pollfd p = {.fd = socket(to->ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), .events = POLLOUT};

	connect(p.fd, (const struct sockaddr *)to, len);
	return poll(&p, 1, LONG_MS) == 1 && p.revents == POLLOUT;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;

	if (argc < 2)
		die("connect_bare_fork ADDR:PORT");
	const socklen_t len = address_parse(argv[1], &to);
	const int ours = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(ours, (struct sockaddr *)&to, len));
	const pid_t child = _Fork();
	if (child == 0)
		_exit(!connects(&to, len));
	int status = -1;
	waitpid(child, &status, 0);
	printf("child: %s\n", status ? "failed" : "connected");
	return 0;
}
