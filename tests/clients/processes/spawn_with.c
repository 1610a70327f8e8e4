/* SPDX-License-Identifier: MIT */
/* spawn_with: spawn_with HOW DIR FILE ARG...: posix_spawn FILE in the directory DIR, which the child enters by addchdir ("chdir"), by addfchdir
 * ("fchdir"), or by addfchdir with a descriptor that it has opened itself ("opened"); or posix_spawnp it so ("chdir-path"). "reset-ids" has it
 * spawned by another effective user, who stays behind. Ends with the program's status, or prints why not. */
#include "tests/lib/common.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int status = -1;
	pid_t pid;

	if (argc < 4)
		die("spawn_with HOW DIR FILE ARG...");
	const char *how = argv[1], *dir = argv[2];
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, 1, 9);
	if (!strncmp(how, "chdir", 5))
		posix_spawn_file_actions_addchdir_np(&actions, dir);
	else if (!strcmp(how, "fchdir"))
		posix_spawn_file_actions_addfchdir_np(&actions, open(dir, O_PATH | O_CLOEXEC));
	else if (!strcmp(how, "opened") && posix_spawn_file_actions_addopen(&actions, 8, dir, O_PATH, 0) == 0)
		posix_spawn_file_actions_addfchdir_np(&actions, 8);
	else if (!strcmp(how, "reset-ids") && seteuid(65534) == 0)
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_RESETIDS);
	else
		die(how);
	errno = (!strcmp(how, "chdir-path") ? posix_spawnp : posix_spawn)(&pid, argv[3], &actions, &attributes, argv + 3, environ);
	if (errno) {
		say("posix_spawn", -1);
		return 1;
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
