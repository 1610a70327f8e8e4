/* SPDX-License-Identifier: MIT */
/* helper_thread: helper_thread HOST PORT: looks at the threads of a process that has a nonblocking connect in the making: what is there besides
 * its own blocks every signal that can be blocked, takes none of those sent to the process, and is gone soon after the last dial. */
#include "tests/lib/common.h"

#include <dirent.h>
#include <poll.h>
#include <sys/syscall.h>

static volatile sig_atomic_t hit, astray;

static void handler(int number)
{
	(void)number;
	hit++;
	astray += syscall(SYS_gettid) != getpid();
}

/* How many threads there are besides this one; the signal mask of the last of them. */
static int others(unsigned long long *blocked)
{
	DIR *d = opendir("/proc/self/task");
	char path[300], line[256];
	int n = 0;

	for (struct dirent *e; (e = readdir(d));) {
		if (e->d_name[0] == '.' || atoi(e->d_name) == getpid())
			continue;
		n++;
		snprintf(path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		FILE *f = fopen(path, "r");
		while (f && fgets(line, sizeof(line), f))
			sscanf(line, "SigBlk: %llx", blocked);
		if (f)
			fclose(f);
	}
	closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	unsigned long long blocked = 0, unblocked = 0;

	if (argc < 3)
		die("helper_thread HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd p = {fd, POLLOUT, 0};
	for (int i = 1; i <= 64; i++)
		if (i < 32 || i > 33) /* those are libc's own */
			signal(i, i == SIGSEGV || i == SIGBUS ? SIG_DFL : handler);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	const int helpers = others(&blocked);
	for (int i = 1; i <= 64; i++)
		if (!(blocked >> (i - 1) & 1) && i != SIGKILL && i != SIGSTOP && i != 32 && i != 33)
			unblocked |= 1ull << (i - 1);
	printf("helpers: %d\nsignals they take: %llx\n", helpers, unblocked);
	for (int i = 0; i < 100; i++)
		kill(getpid(), i % 2 ? SIGUSR1 : SIGCHLD);
	printf("handled: %d\nelsewhere: %d\n", (int)hit, (int)astray);
	unlink(getenv("HOLD"));
	while (poll(&p, 1, 20000) < 0)
		;
	const double idle = now();
	while (others(&blocked) && now() - idle < 20)
		usleep(1000);
	/* 50 ms, and what a busy machine adds */
	printf("gone: %s\n", others(&blocked) ? "no" : now() - idle < 1 ? "soon" : "late");
	return 0;
}
