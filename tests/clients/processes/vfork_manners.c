/* SPDX-License-Identifier: MIT */
/* vfork_manners: vfork_manners FILE: 100 vfork children execute FILE (or fail to) with an empty environment; tells whether that left anything
 * behind in this process: mappings, heap, environment, errno (which is the child's, too, when its exec fails). */
#include "tests/lib/common.h"

#include <malloc.h>
#include <sys/wait.h>

extern char **environ;

static int mappings(void)
{
	char text[65536];
	const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int lines = 0;

	while ((n = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < n; i++)
			lines += text[i] == '\n';
	close(fd);
	return lines;
}

static int run(char *file)
{
	char *argv[] = {file, NULL}, *none[] = {NULL};
	int status;
	const pid_t pid = vfork();

	if (pid == 0) {
		execve(file, argv, none);
		_exit(errno == EACCES ? 13 : 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		die("vfork_manners FILE");
	char **const before = environ;
	int status = run(argv[1]); /* what is done once is done */
	const int maps = mappings();
	const size_t heap = mallinfo2().uordblks;

	errno = 4242;
	for (int i = 0; i < 100; i++)
		status = run(argv[1]);
	const int error = errno, more_maps = mappings() - maps;
	const ssize_t more_heap = (ssize_t)(mallinfo2().uordblks - heap);
	printf("status: %d\nerrno: %s\n", status, error == 4242 ? "kept" : error_name(error));
	printf("mappings: %+d\nheap: %+zd\n", more_maps, more_heap);
	printf("environ: %s\n", environ == before ? "kept" : "changed");
	return 0;
}
