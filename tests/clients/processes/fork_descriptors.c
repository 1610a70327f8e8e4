/* SPDX-License-Identifier: MIT */
/* fork_descriptors: fork_descriptors HOW HOST PORT: what a forked child has open that its program never opened
 * HOW: closed (the parent had given a dial up), shared (a sister is still waiting for its end). Prints the count. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int open_above(int low)
{
	struct stat st;
	int n = 0;

	for (int fd = low; fd < 9000; fd++)
		n += fstat(fd, &st) == 0;
	return n;
}

static void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;

	if (argc < 4)
		die("fork_descriptors HOW HOST PORT");
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	if (!strcmp(argv[1], "closed")) {
		close(fd);
	} else if (fork() == 0) { /* a stopped child: the parent waits for it at the barrier as long as its patience lasts */
		raise(SIGSTOP);
		_exit(0);
	} else {
		poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 150);
	}
	if (fork() == 0) {
		pause_ms(300);
		printf("left over: %d\n", open_above(999));
		fflush(stdout);
		kill(0, SIGCONT);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
