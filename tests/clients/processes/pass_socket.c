/* pass_socket: pass_socket HOST PORT: a socket is handed to another process in the middle of its nonblocking connect, which waits for it there
 * and has a byte echoed. */
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

static int take_and_use(int from)
{
	char c;
	struct iovec part = {&c, 1};
	union room room;
	struct msghdr m = message(&part, &room);
	int fd, error = -1;
	socklen_t size = sizeof(error);

	if (recvmsg(from, &m, 0) != 1)
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	struct pollfd p = {fd, POLLOUT, 0};
	poll(&p, 1, 10000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
	p.events = POLLIN;
	if (!error && send(fd, "x", 1, MSG_NOSIGNAL) == 1 && poll(&p, 1, 10000) == 1 && recv(fd, &c, 1, 0) == 1)
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

	if (argc < 3 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("pass_socket HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const pid_t child = fork();
	if (child == 0)
		_exit(take_and_use(pair[1]));
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	memcpy(CMSG_DATA(&room.header), &fd, sizeof(fd));
	if (sendmsg(pair[0], &m, 0) != 1)
		die("sendmsg");
	close(fd);
	waitpid(child, NULL, 0);
	return 0;
}
