/* SPDX-License-Identifier: MIT */
/* vfork_often: vfork_often N: vfork and execute /bin/true N times, each way that an exec is called, and print how many pages this program has
 * grown by since the first times ("pages: 0"). */
#include "tests/lib/common.h"

#include <sys/wait.h>

extern char **environ;

enum { WAYS = 4 };

static void execute(int way)
{
	char *const argv[] = {"true", NULL}, *const none[] = {NULL};

	if (way == 0)
		execv("/bin/true", argv);
	else if (way == 1)
		execvpe("true", argv, none);
	else if (way == 2)
		execl("/bin/true", "true", (char *)NULL);
	else
		execlp("true", "true", (char *)NULL);
	_exit(1);
}

static void run(int way)
{
	int status;
	const pid_t child = vfork();

	if (child == 0)
		execute(way);
	if (waitpid(child, &status, 0) != child || status)
		die("exec");
}

static long pages(void)
{
	char line[64] = "";
	const int fd = open("/proc/self/statm", O_RDONLY);

	if (read(fd, line, sizeof(line) - 1) <= 0)
		die("statm");
	close(fd);
	return atol(line);
}

int main(int argc, char **argv)
{
	long before = 0;

	for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 0); i++) {
		if (i == 2 * WAYS)
			before = pages();
		run(i % WAYS);
	}
	printf("pages: %ld\n", pages() - before);
	return 0;
}
