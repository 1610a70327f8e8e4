/* SPDX-License-Identifier: MIT */
/* connect_async: connect_async blocking|nonblocking NUMBER HOST PORT: connect a socket with O_ASYNC, whose signal is that number (0: SIGIO), and tell
 * what signals come, while $HOLD is there, once it is gone, and after that. */
#include "tests/lib/common.h"

#include <poll.h>

static int number;

/* Print the number of signals within so many ms, at most `most`; and what the first tells. */
static void await(const char *when, int fd, int ms, int most)
{
	const struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
	sigset_t set;
	siginfo_t info;
	int n = 0;

	sigemptyset(&set);
	sigaddset(&set, number ? number : SIGIO);
	while (n < most && sigtimedwait(&set, &info, &time) > 0) {
		if (n++ == 0 && number)
			printf("tells: %s, %s\n", info.si_fd == fd ? "the number" : "another number",
			       (info.si_band & POLLOUT) ? "writable" : "else");
	}
	printf("%s: %d\n", when, n);
}

static void let_go_later(void)
{
	if (fork() == 0) {
		usleep(200000);
		unlink(getenv("HOLD"));
		_exit(0);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	sigset_t all;

	if (argc < 5)
		die("connect_async blocking|nonblocking NUMBER HOST PORT");
	number = atoi(argv[2]);
	const socklen_t len = resolve(argv[3], argv[4], AF_INET, &to);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	const bool blocking = strcmp(argv[1], "blocking") == 0;
	const int fd = socket(AF_INET, SOCK_STREAM | (blocking ? 0 : SOCK_NONBLOCK), 0);
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETSIG, number);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
	if (blocking)
		let_go_later();
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	printf("flag: %s\n", fcntl(fd, F_GETFL) & O_ASYNC ? "kept" : "lost");
	if (!blocking) {
		await("before", fd, 200, 9);
		unlink(getenv("HOLD"));
	}
	await("at the end", fd, 5000, 1);
	await("after", fd, 100, 9);
	printf("writable: %d\n", poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 0));
	printf("flag: %s\n", fcntl(fd, F_GETFL) & O_ASYNC ? "kept" : "lost");
	return 0;
}
