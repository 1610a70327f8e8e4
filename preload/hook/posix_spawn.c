/* SPDX-License-Identifier: MIT */
/* posix_spawn: check the program and complete its environment before libc starts the child, where no hook of ours runs. */
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/scratch.h"
#include "core/exec/exec_env.h"
#include "core/exec/program.h"
#include "core/exec/spawn_cwd.h"
#include "hook/exec.h"
#include "hook/hook.h"
#include "self.h"

typedef __typeof__(posix_spawn) spawn; /* pidfd_spawn() is of that type, too: a pid_t is an int */

struct child {
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
	char *const *argv, *const *env;
};

/* Check `path`, the program that `real` will find for `file`, and start it. Returns an errno, as `real` does. */
static int start(spawn *real, pid_t *pid, const char *file, const char *path, int cwd, const struct child *c)
{
	if (caller_length(file, PATH_MAX) < 0 || !caller_can_read_strings(c->argv) || !caller_can_read_strings(c->env))
		return EFAULT;
	short flags = 0;
	if (c->attributes)
		posix_spawnattr_getflags(c->attributes, &flags);
	bool ordered = false;
	const struct reach reach = {.argv = c->argv, .cwd = cwd, .resets_ids = flags & POSIX_SPAWN_RESETIDS, .ordered = &ordered};
	const int rc = exec_check(cwd, path, c->env, reach, false);
	if (rc < 0)
		return err_errno(rc);
	SCRATCH(room);
	char *const *whole;
	if (!exec_environment(&room, c->env, rc, ordered, false, &whole))
		return ENOMEM;
	if (rc != EXEC_BY_LAUNCHER)
		return real(pid, file, c->actions, c->attributes, c->argv, whole);
	SCRATCH(stand_in);
	const struct launcher *const l = exec_launcher(&stand_in, AT_FDCWD, path, c->argv, whole);
	if (!l)
		return ENOMEM;
	const int error = real(pid, l->path, c->actions, c->attributes, l->argv, l->env);
	if (l->lent >= 0)
		sys.close(l->lent);
	return error;
}

static int start_file(spawn *real, pid_t *pid, const char *path, const struct child *c)
{
	const int saved = errno, cwd = spawn_cwd(c->actions);

	const int error = start(real, pid, path, path, cwd, c);
	if (cwd >= 0)
		sys.close(cwd);
	errno = saved;
	return error;
}

static int start_along(spawn *real, pid_t *pid, const char *file, const struct child *c)
{
	SCRATCH(room);
	char *const path = scratch_take(&room, PATH_MAX);
	if (!path)
		return ENOMEM;
	const int saved = errno, cwd = spawn_cwd(c->actions);
	const bool found = program_find(cwd, file, getenv("PATH"), path) == 0;

	const int error = start(real, pid, file, found ? path : cwd == REACH_NOWHERE ? file : NULL, cwd, c);
	if (cwd >= 0)
		sys.close(cwd);
	errno = saved;
	return error;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
		const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	return start_file(sys.posix_spawn, pid, path, &(struct child){actions, attributes, argv, env});
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *restrict actions,
		 const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	return start_along(sys.posix_spawnp, pid, file, &(struct child){actions, attributes, argv, env});
}

int pidfd_spawn(int *restrict pidfd, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
		const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	if (!sys.pidfd_spawn)
		return ENOSYS;
	return start_file(sys.pidfd_spawn, pidfd, path, &(struct child){actions, attributes, argv, env});
}

int pidfd_spawnp(int *restrict pidfd, const char *restrict file, const posix_spawn_file_actions_t *restrict actions,
		 const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const env[restrict])
{
	if (!sys.pidfd_spawnp)
		return ENOSYS;
	return start_along(sys.pidfd_spawnp, pidfd, file, &(struct child){actions, attributes, argv, env});
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
