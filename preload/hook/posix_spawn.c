/* SPDX-License-Identifier: MIT */
/* posix_spawn: check the program and complete its environment before libc starts the child, where no hook of ours runs. */
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "core/base/err.h"
#include "core/exec/exec_env.h"
#include "core/exec/program.h"
#include "hook/exec.h"
#include "hook/hook.h"
#include "self.h"

typedef __typeof__(posix_spawn) spawn;

struct child {
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
	char *const *argv, *const *env;
};

/* Check `path`, the program that `real` will find for `file`, and start it. Returns an errno, as `real` does. */
static int start(spawn *real, pid_t *pid, const char *file, const char *path, const struct child *c)
{
	const int saved = errno, rc = exec_check(AT_FDCWD, path, c->env, false);
	char room[exec_env_bytes(c->env, self_library())];
	struct exec_env h;

	if (rc == 0)
		exec_env_begin(&h, c->env, self_library(), room);
	errno = saved;
	if (rc)
		return err_errno(rc);
	char *pointers[exec_env_pointers(&h)];
	return real(pid, file, c->actions, c->attributes, c->argv, exec_env_make(&h, pointers));
}

int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
		const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	return start(sys.posix_spawn, pid, path, path, &(struct child){actions, attributes, argv, env});
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *restrict actions,
		 const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	char path[PATH_MAX];
	const int saved = errno;
	const bool found = program_find(file, getenv("PATH"), path) == 0;

	errno = saved;
	return start(sys.posix_spawnp, pid, file, found ? path : NULL, &(struct child){actions, attributes, argv, env});
}

int exec_shell(pid_t *pid, const char *line, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes)
{
	char *const argv[] = {"sh", "-c", "--", (char *)line, NULL};

	return posix_spawn(pid, PROGRAM_SHELL, actions, attributes, argv, environ);
}

int exec_wait(pid_t child)
{
	int status;
	pid_t ended;

	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended < 0 ? -1 : status;
}
