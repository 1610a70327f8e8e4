/* SPDX-License-Identifier: MIT */
/* exec_with: exec_with HOW FILE ARG...: run FILE with an environment of one variable, A=b (PATH too, where it is searched for), by the
 * function HOW. "vfork HOW" runs the exec in a vfork child. Ends with the program's status, or prints why not. */
#include "tests/lib/common.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static char *scrubbed[] = {"A=b", NULL};
static char command[4096];

static void scrub(void)
{
	clearenv();
	putenv("A=b");
}

static int finish(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int wait_for(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return finish(status);
}

static void join(char **argv)
{
	for (; *argv; argv++)
		strcat(strcat(command, command[0] ? " " : ""), *argv);
}

static int by_system(char **argv)
{
	join(argv);
	scrub();
	const int status = system(command);
	if (status < 0)
		say("system", -1);
	return finish(status);
}

static int by_popen(char **argv)
{
	char line[4096];

	join(argv);
	scrub();
	FILE *pipe = popen(command, "r");
	if (!pipe) {
		say("popen", -1);
		return 1;
	}
	while (fgets(line, sizeof(line), pipe))
		fputs(line, stdout);
	return finish(pclose(pipe));
}

/* Returns a copy of the file that has no name but its descriptor's. */
static int in_memory(const char *file, unsigned flags)
{
	const int from = open(file, O_RDONLY | O_CLOEXEC), to = memfd_create("program", flags);

	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	close(from);
	return to;
}

static char *by_number(int fd)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

/* Both give the error back. */
static int by_spawn(bool along, char **argv)
{
	pid_t pid;

	errno = along ? posix_spawnp(&pid, argv[0], NULL, NULL, argv, scrubbed) : posix_spawn(&pid, argv[0], NULL, NULL, argv, scrubbed);
	if (errno) {
		say("posix_spawn", -1);
		return 1;
	}
	return wait_for(pid);
}

/* Returns only if it fails. */
static void by_exec(const char *how, char **argv)
{
	if (!strcmp(how, "execve"))
		execve(argv[0], argv, scrubbed);
	else if (!strcmp(how, "execv"))
		scrub(), execv(argv[0], argv);
	else if (!strcmp(how, "execvp"))
		scrub(), execvp(argv[0], argv);
	else if (!strcmp(how, "execvpe"))
		execvpe(argv[0], argv, scrubbed);
	else if (!strcmp(how, "execl"))
		scrub(), execl(argv[0], argv[0], argv[1], argv[2], argv[3], NULL);
	else if (!strcmp(how, "execle"))
		execle(argv[0], argv[0], argv[1], argv[2], argv[3], NULL, scrubbed);
	else if (!strcmp(how, "execlp"))
		scrub(), execlp(argv[0], argv[0], argv[1], argv[2], argv[3], NULL);
	else if (!strcmp(how, "execveat"))
		execveat(AT_FDCWD, argv[0], argv, scrubbed, 0);
	else if (!strcmp(how, "execveat-fd"))
		execveat(open(argv[0], O_PATH | O_CLOEXEC), "", argv, scrubbed, AT_EMPTY_PATH);
	else if (!strcmp(how, "fexecve"))
		fexecve(open(argv[0], O_RDONLY | O_CLOEXEC), argv, scrubbed);
	else if (!strcmp(how, "syscall"))
		syscall(SYS_execve, argv[0], argv, scrubbed);
	else if (!strcmp(how, "no-environment"))
		syscall(SYS_execve, argv[0], argv, NULL);
	else if (!strcmp(how, "fexecve-memfd"))
		fexecve(in_memory(argv[0], MFD_CLOEXEC), argv, scrubbed);
	else if (!strcmp(how, "execveat-memfd"))
		execveat(in_memory(argv[0], 0), "", argv, scrubbed, AT_EMPTY_PATH);
	else if (!strcmp(how, "execve-memfd"))
		execve(by_number(in_memory(argv[0], MFD_CLOEXEC)), argv, scrubbed);
	else
		errno = ENOSYS;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("exec_with HOW FILE ARG...");
	const char *how = argv[1];
	if (!strcmp(how, "vfork")) {
		how = argv[2];
		const pid_t pid = vfork();
		if (pid)
			return wait_for(pid);
		by_exec(how, argv + 3);
		say(how, -1);
		_exit(1);
	}
	if (!strcmp(how, "system"))
		return by_system(argv + 2);
	if (!strcmp(how, "popen"))
		return by_popen(argv + 2);
	if (!strcmp(how, "posix_spawn-memfd")) {
		argv[2] = by_number(in_memory(argv[2], MFD_CLOEXEC));
		return by_spawn(false, argv + 2);
	}
	if (!strncmp(how, "posix_spawn", 11))
		return by_spawn(how[11] == 'p', argv + 2);
	by_exec(how, argv + 2);
	say(how, -1);
	return 1;
}
