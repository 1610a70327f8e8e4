/* SPDX-License-Identifier: MIT */
/* alone: alone HOST PORT: right after a connect, and in the middle of one, do what only a process without other threads may, or what
 * parts a thread from the others' descriptors. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t len;

static int dial(void)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (connect(fd, (struct sockaddr *)&to, len) == 0 || errno != EINPROGRESS)
		die("connect");
	return fd;
}

static void wait_for(int fd)
{
	int error = -1;
	socklen_t size = sizeof(error);

	if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 20000) == 1)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("connected: %s\n", error < 0 ? "never" : error_name(error));
}

static int by_name(void)
{
	return unshare(CLONE_NEWUSER);
}

static int by_number(void)
{
	return (int)syscall(SYS_unshare, CLONE_NEWUSER);
}

static int memory(void)
{
	return unshare(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD);
}

static int files(void)
{
	return unshare(CLONE_FILES);
}

static int range(void)
{
	return close_range(3000, 3001, CLOSE_RANGE_UNSHARE);
}

static int mounts(void)
{
	return setns(open("/proc/self/ns/mnt", O_RDONLY), CLONE_NEWNS);
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = {{"unshare", by_name}, {"unshare by number", by_number}, {"unshare memory", memory},
	     {"setns", mounts},    {"unshare files", files},         {"close_range", range}};

int main(int argc, char **argv)
{
	if (argc < 3)
		die("alone HOST PORT");
	len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	setbuf(stdout, NULL);
	for (size_t i = 0; i < 2 * sizeof(calls) / sizeof(calls[0]); i++) {
		if (fork() == 0) {
			const int fd = dial();
			if (i % 2)
				wait_for(fd);
			say(calls[i / 2].name, calls[i / 2].call());
			if (i % 2 == 0)
				wait_for(fd);
			_exit(0);
		}
		wait(NULL);
	}
	return 0;
}
