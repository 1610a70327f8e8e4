/* SPDX-License-Identifier: MIT */
/* tool: spawn them. */
#include "cli/hops/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What the program is to have as 0, 1 and 2. */
struct streams {
	int in, out, errors;
};

/* Signals are as in a program that a shell starts, whatever this thread blocks. */
static int spawn(const char *const argv[], struct streams s, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, s.in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, s.out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, s.errors, STDERR_FILENO);
	const int error = posix_spawnp(pid, argv[0], &actions, &attr, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return -error;
}

int tool_start(const char *const argv[], int both, int errors)
{
	pid_t pid;

	return spawn(argv, (struct streams){both, both, errors}, &pid);
}

static void read_all(int fd, struct text *to)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			text_add(to, "%.*s", (int)n, bytes);
}

/* Whoever waits for all children may have reaped it already. */
static int end_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Run it with nothing to read. */
static int start(const char *const argv[], int out, int errors, pid_t *pid)
{
	const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int rc = null < 0 ? -errno : spawn(argv, (struct streams){null, out, errors}, pid);

	if (null >= 0)
		close(null);
	return rc;
}

static int run_reading(const char *const argv[], struct text *output, int errors)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	const int rc = start(argv, ends[1], errors, &pid);
	close(ends[1]);
	if (rc == 0)
		read_all(ends[0], output);
	close(ends[0]);
	return rc ? rc : end_of(pid);
}

int tool_run(const char *const argv[], struct text *output, int errors)
{
	pid_t pid;

	if (output)
		return run_reading(argv, output, errors);
	const int rc = start(argv, errors, errors, &pid);
	return rc ? rc : end_of(pid);
}
