/* SPDX-License-Identifier: MIT */
/* sandboxed: sandboxed HOW ADDR:PORT: connect to an echo server, then let the kernel allow nothing but read, write, close, connect and
 * exit_group, and converse, and close. HOW: blocking, nonblocking, or together (nonblocking, and the filter is for every thread). */
#include "tests/lib/common.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>

#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static void lock_up(bool every_thread)
{
	static struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		ALLOW(read),
		ALLOW(write),
		ALLOW(close),
		ALLOW(connect),
		ALLOW(exit_group),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	const struct sock_fprog program = {sizeof(rules) / sizeof(*rules), rules};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (every_thread ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program)
			 : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		die("seccomp");
}

static int dial(const char *where, int type)
{
	struct sockaddr_storage to;
	const socklen_t len = address_parse(where, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | type, 0);

	if (connect(fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS)
		die("connect");
	poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 20000);
	fcntl(fd, F_SETFL, 0);
	return fd;
}

int main(int argc, char **argv)
{
	static const char closed[] = "closed\n";
	char answer[] = "answer: ?\n";

	if (argc < 3)
		die("sandboxed blocking|nonblocking|together ADDR:PORT");
	const int fd = dial(argv[2], strcmp(argv[1], "blocking") ? SOCK_NONBLOCK : 0);
	lock_up(strcmp(argv[1], "together") == 0);
	if (write(fd, "x", 1) == 1 && read(fd, &answer[8], 1) == 1)
		(void)!write(STDOUT_FILENO, answer, sizeof(answer) - 1);
	if (close(fd) == 0)
		(void)!write(STDOUT_FILENO, closed, sizeof(closed) - 1);
	_exit(0);
}
