/* SPDX-License-Identifier: MIT */
/* connect_fork: connect_fork HOW HOST PORT: begin a nonblocking connect, fork in mid-dial, and go on in the child.
 * HOW: waits, exits (at once, as a daemon's parent), closes (its copy of the socket), both (use it) */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/wait.h>

/* Wait for the connection and have `line` echoed. */
static int use(const char *who, int fd, const char *line)
{
	struct pollfd p = {fd, POLLOUT, 0};
	int error = -1;
	socklen_t size = sizeof(error);
	char text[64] = "";
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	poll(&p, 1, 20000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("%s: SO_ERROR: %s\n", who, error_name(error));
	if (error)
		return 1;
	if (getpeername(fd, (struct sockaddr *)&peer, &len))
		say("getpeername", -1);
	p.events = POLLIN;
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		say("send", -1);
	poll(&p, 1, 20000);
	recv(fd, text, sizeof(text) - 1, 0);
	printf("%s: %s\n", who, text);
	fflush(stdout);
	return strcmp(text, line) != 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int status = 0, done[2];

	if (argc < 4)
		die("connect_fork HOW HOST PORT");
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (pipe(done))
		die("pipe");
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	const pid_t child = fork();
	if (child == 0) {
		close(done[0]);
		status = use("child", fd, "from the child");
		if (write(done[1], status ? "1" : "0", 1) != 1)
			die("write");
		exit(status);
	}
	close(done[1]);
	if (strcmp(argv[1], "exits") == 0)
		_exit(0); /* the pipe of our caller stays open until the child is done */
	if (strcmp(argv[1], "closes") == 0)
		close(fd);
	char c = '1';
	if (read(done[0], &c, 1) != 1)
		die("read");
	waitpid(child, &status, 0);
	if (strcmp(argv[1], "both") == 0)
		status |= use("parent", fd, "from the parent");
	return c != '0' || status;
}
