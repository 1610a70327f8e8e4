/* SPDX-License-Identifier: MIT */
/* faults: faults [ADDR:PORT]: the fewest page faults of twenty children each, as the kernel only ever adds some of its own: of ones that
 * only exit ("fork: N"), of ones that then run /bin/true ("exec: N"), and of /bin/true alone, which shares this program's memory until it
 * is executed ("start: N"). It connects to ADDR:PORT first. */
#include "tests/lib/common.h"

#include <limits.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { TIMES = 20 };

static long faults(void)
{
	struct rusage children;

	getrusage(RUSAGE_CHILDREN, &children);
	return children.ru_minflt;
}

static pid_t fork_child(void)
{
	const pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}

static pid_t exec_child(void)
{
	const pid_t child = fork();

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	return child;
}

static pid_t start_child(void)
{
	char *const argv[] = {"true", NULL};
	pid_t child;

	return posix_spawn(&child, "/bin/true", NULL, NULL, argv, environ) ? -1 : child;
}

static void measure(const char *what, pid_t (*begin)(void))
{
	long least = LONG_MAX;
	int status;

	for (int i = 0; i < TIMES; i++) {
		const long before = faults();
		const pid_t child = begin();
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			die(what);
		const long these = faults() - before;
		least = these < least ? these : least;
	}
	printf("%s: %ld\n", what, least);
}

static void connect_first(const char *address)
{
	struct sockaddr_storage to;
	const socklen_t len = address_parse(address, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);

	if (!len || connect(fd, (const struct sockaddr *)&to, len))
		die(address);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		connect_first(argv[1]);
	measure("fork", fork_child);
	measure("exec", exec_child);
	measure("start", start_child);
	return 0;
}
