/* SPDX-License-Identifier: MIT */
/* tool: spawn it with /dev/null to read from. */
#include "cli/hops/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int spawn(const char *const argv[], int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	const int error = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

static void read_all(int fd, struct text *to)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			text_add(to, "%.*s", (int)n, bytes);
}

static int end_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int run_reading(const char *const argv[], struct text *output)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	const int rc = spawn(argv, ends[1], &pid);
	close(ends[1]);
	if (rc == 0)
		read_all(ends[0], output);
	close(ends[0]);
	return rc ? rc : end_of(pid);
}

int tool_run(const char *const argv[], struct text *output)
{
	pid_t pid;

	if (output)
		return run_reading(argv, output);
	const int rc = spawn(argv, STDERR_FILENO, &pid);
	return rc ? rc : end_of(pid);
}
