/* SPDX-License-Identifier: MIT */
/* pass_socket: pass_socket HOW HOST PORT: a socket is handed to another process in the middle of its nonblocking connect, which has a byte
 * echoed there. HOW: poll waits for the connection; write makes the socket blocking, and waits for nothing. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/wait.h>

union room {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *part, union room *room)
{
	return (struct msghdr){.msg_iov = part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(*room)};
}

static void wait_for(int fd)
{
	int error = -1;
	socklen_t size = sizeof(error);

	poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 10000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
}

static int take_and_use(const char *how, int from)
{
	char c;
	struct iovec part = {&c, 1};
	union room room;
	struct msghdr m = message(&part, &room);
	int fd;

	if (recvmsg(from, &m, 0) != 1)
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	if (!strcmp(how, "poll"))
		wait_for(fd);
	else
		fcntl(fd, F_SETFL, 0);
	if (send(fd, "x", 1, MSG_NOSIGNAL) == 1 && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) == 1 && recv(fd, &c, 1, 0) == 1)
		printf("answer: %c\n", c);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int pair[2];
	struct iovec part = {"x", 1};
	union room room = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
	const struct msghdr m = message(&part, &room);

	if (argc < 4 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("pass_socket poll|write HOST PORT");
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const pid_t child = fork();
	if (child == 0)
		_exit(take_and_use(argv[1], pair[1]));
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	memcpy(CMSG_DATA(&room.header), &fd, sizeof(fd));
	if (sendmsg(pair[0], &m, 0) != 1)
		die("sendmsg");
	close(fd);
	waitpid(child, NULL, 0);
	return 0;
}
