/* SPDX-License-Identifier: MIT */
/* bare_child: bare_child [-p] clone|fork ADDR:PORT
 * A child of clone(2) or _Fork, which run no fork handlers, connects without blocking and sends a datagram to the same place; -p: while a
 * dial of the parent's goes on. Prints how each ended. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { LONG_MS = 10000 };

static int start(const struct sockaddr_storage *to, socklen_t len)
{
	const int fd = socket(to->ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	say("connect", connect(fd, (const struct sockaddr *)to, len));
	return fd;
}

static void finish(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = ETIMEDOUT;

	if (poll(&p, 1, LONG_MS) == 1)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)});
	printf("SO_ERROR: %s\n", error_name(error));
	fflush(stdout);
}

static void echo(const struct sockaddr_storage *to, socklen_t len)
{
	const int fd = socket(to->ss_family, SOCK_DGRAM, 0);
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (say("sendto", (int)sendto(fd, "hello", 5, 0, (const struct sockaddr *)to, len)) == 5)
		say("recv", poll(&p, 1, LONG_MS) == 1 && recv(fd, &(char[9]){0}, 9, 0) == 5 ? 0 : -1);
}

int main(int argc, char **argv)
{
	const bool pending = argc > 1 && strcmp(argv[1], "-p") == 0;
	struct sockaddr_storage to;
	int status, ours = -1;

	if (argc < 3 + pending)
		die("bare_child [-p] clone|fork ADDR:PORT");
	argv += pending;
	const socklen_t len = address_parse(argv[2], &to);
	if (pending)
		ours = start(&to, len);
	const pid_t child = strcmp(argv[1], "fork") == 0 ? _Fork() : (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		alarm(2 * LONG_MS / 1000);
		const int own = start(&to, len);
		if (pending)
			finish(ours);
		finish(own);
		echo(&to, len);
		_exit(0);
	}
	waitpid(child, &status, 0);
	printf("status: %d\n", status);
	return 0;
}
