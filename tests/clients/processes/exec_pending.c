/* SPDX-License-Identifier: MIT */
/* exec_pending: exec_pending ADDRESS LINE: execute ourselves while a nonblocking connect is under way; the new program waits for the inherited
 * socket, says LINE and prints the answer. */
#include "tests/lib/common.h"

#include <poll.h>

static int talk(int fd, const char *line)
{
	char text[4096];
	int error = 0, type = 0;
	socklen_t size = sizeof(error);

	if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 10000) != 1)
		die("poll");
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || error)
		printf("SO_ERROR: %s\n", error_name(error ? error : errno));
	size = sizeof(type);
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &type, &size);
	printf("domain: %s\n", type == AF_INET ? "inet" : "another");
	dprintf(fd, "%s\n", line);
	poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 10000);
	const ssize_t n = read(fd, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	return n <= 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	char number[16];

	if (argc == 4 && !strcmp(argv[1], "talk"))
		return talk(atoi(argv[2]), argv[3]);
	if (argc != 3)
		die("exec_pending ADDRESS LINE");
	const socklen_t len = address_parse(argv[1], &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	snprintf(number, sizeof(number), "%d", fd);
	execl(argv[0], argv[0], "talk", number, argv[2], NULL);
	die("execl");
}
