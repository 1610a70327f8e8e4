/* SPDX-License-Identifier: MIT */
/* exec: check a program, complete its environment, execute it. All of this works in a vfork child: what must last until the exec is
 * scratch, which the parent finds again, and its other memory does not change. */
#include "hook/exec.h"

#include <limits.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/base/caller.h"
#include "core/base/env.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/scratch.h"
#include "core/dial/bound_name.h"
#include "core/exec/exec_env.h"
#include "core/exec/privilege.h"
#include "core/exec/program.h"
#include "fd/limit.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "listen/succession.h"
#include "self.h"
#include "udp/inherit.h"

enum { SOCKETS = 4096, LISTENERS = 1024 /* bytes that tell of them */ };

/* True if the launcher could put a guard up, as far as can be told from here. */
static bool may_be_guarded(int at, const char *path)
{
	const uint32_t filters_that_ask = SECCOMP_RET_USER_NOTIF;
	const char *const wanted = env_get("SOCKSIFY_GUARD");
	SCRATCH(room);
	char *const name = scratch_take(&room, PATH_MAX);

	return name && !(wanted && strcmp(wanted, "off") == 0) && launcher_find(name, self_library()) && launcher_name(name, at, path) &&
	       sys.syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &filters_that_ask) == 0;
}

/* Say of a program that a guard would carry why there is none, if that is because the launcher is not where it was, as in another root. */
static void explain(struct text *why, enum reach_way way)
{
	SCRATCH(room);
	char *const path = scratch_take(&room, PATH_MAX);

	if (path && (way == REACH_ALONE || way == REACH_GUARD) && !sys_is_guarded() && !launcher_find(path, self_library()))
		text_add(why, ", and there is no guard: 'socksify' is not here to put one up, so have it run what led here");
}

/* Returns 0 or EXEC_ALONE if the guard above carries the program, EXEC_BY_LAUNCHER if a new one may; else ERR_UNPROXIED. */
static int guarded(enum reach_way way, int at, const char *path, char *const env[])
{
	const int saved = errno;
	int rc = ERR_UNPROXIED;

	const bool powerless = way == REACH_PRIVILEGED && privilege_is_taken();

	if (sys_is_guarded() && !exec_env_chooses(env) && !powerless)
		rc = way == REACH_ALONE ? EXEC_ALONE : 0;
	else if ((way == REACH_ALONE || way == REACH_GUARD) && may_be_guarded(at, path))
		rc = EXEC_BY_LAUNCHER;
	errno = saved;
	return rc;
}

int exec_check(int at, const char *path, char *const env[], struct reach r, bool here)
{
	TEXT(why, 512); /* in the child of a fork another page costs a fault */

	app_start();
	r.library = self_library();
	r.dirs = exec_env_get(env, "PATH");
	r.libraries = exec_env_get(env, "LD_LIBRARY_PATH");
	const enum reach_way way = path ? reach_admit(at, path, &r, &why) : REACH_LIBRARY;
	/* A child will be in the directory that its path begins at. */
	const int rc = way == REACH_LIBRARY ? 0 : guarded(way, here ? at : AT_FDCWD, path, env);
	if (rc != ERR_UNPROXIED)
		return rc;
	const char *const name = *path ? path : "an open file";
	explain(&why, way);
	if (here)
		log_line_at_exec(REACH_REFUSAL, name, why.at);
	else
		log_line(LOG_ERROR, REACH_REFUSAL, name, why.at);
	return rc;
}

const struct launcher *exec_launcher(struct scratch *s, int at, const char *path, char *const argv[], char *const whole[])
{
	struct launcher *const l = scratch_take(s, sizeof(*l) + launcher_bytes(argv, whole));

	if (!l || !launcher_find(l->path, self_library()) || !launcher_name(l->file, at, path) || !launcher_lend(l))
		return NULL;
	launcher_for(l, argv, whole, l + 1);
	return l;
}

/* Sockets that the program is to know of. False if there are none. */
static bool hand_over(struct text *t)
{
	if (t->size)
		udp_hand_over(t);
	return t->len && !t->cut;
}

/* Those that listen, which another process would have to itself. */
static bool tell_succession(struct text *t)
{
	if (t->size)
		succession_tell(t);
	return t->len && !t->cut;
}

bool exec_environment(struct scratch *s, char *const env[], int rc, bool ordered, bool here, char *const **whole)
{
	const char *const library = rc == EXEC_ALONE ? NULL : self_library();
	const size_t n = exec_env_most(env), bytes = exec_env_bytes(env, library), sockets = !sys_plain() && udp_any() ? SOCKETS : 0,
		     listeners = here && rc == 0 && bound_name_used ? LISTENERS : 0;
	struct exec_env *const h = scratch_take(s, sizeof(*h) + n * sizeof(char *) + bytes + sockets + listeners);

	if (!h)
		return false;
	char **const pointers = (char **)(h + 1);
	exec_env_begin(h, env, library, (char *)(pointers + n));
	struct text inherited = {.at = (char *)(pointers + n) + bytes, .size = sockets};
	if (hand_over(&inherited))
		exec_env_add(h, inherited.at);
	struct text succession = {.at = inherited.at + sockets, .size = listeners};
	if (tell_succession(&succession))
		exec_env_add(h, succession.at);
	if (ordered)
		exec_env_add_order(h);
	*whole = exec_env_make(h, pointers);
	return true;
}

static void await(int fd, struct fd_entry *entry, void *unused)
{
	(void)unused;
	if (!(sys.fcntl(fd, F_GETFD) & FD_CLOEXEC))
		fd_entry_await(entry);
}

/* A program to execute, in the terms of execveat(2). */
struct image {
	int at;
	const char *path;
	int flags;
};

static bool is_readable(const struct image *i, char *const argv[], char *const env[])
{
	return caller_length(i->path, PATH_MAX) >= 0 && caller_can_read_strings(argv) && caller_can_read_strings(env);
}

/* Let the kernel say what is wrong with an image that is not readable. */
static int refuse_memory(const struct image *i)
{
	const char *const path = caller_length(i->path, PATH_MAX) < 0 ? caller_nowhere() : i->path;

	return (int)sys_rc(sys.execveat(i->at, path, caller_nowhere(), caller_nowhere(), i->flags));
}

static int stand_in_for(const struct launcher *l)
{
	const int rc = (int)sys_rc(sys.execve(l->path, l->argv, l->env));

	if (l->lent >= 0)
		sys.close(l->lent);
	return rc;
}

static int execute(const struct image *i, char *const argv[], char *const env[])
{
	if (!is_readable(i, argv, env))
		return refuse_memory(i);
	bool ordered = false;
	const struct reach reach = {.argv = argv, .cwd = AT_FDCWD, .ordered = &ordered};
	const int saved = errno, rc = exec_check(i->at, i->path, env, reach, true);
	char *const *whole;

	if (rc < 0)
		return rc;
	SCRATCH(room); /* whoever leaves its scope gives it back: not before it was taken */
	if (!exec_environment(&room, env, rc, ordered, true, &whole))
		return -ENOMEM;
	SCRATCH(stand_in);
	const struct launcher *const l = rc == EXEC_BY_LAUNCHER ? exec_launcher(&stand_in, i->at, i->path, argv, whole) : NULL;
	if (rc == EXEC_BY_LAUNCHER && !l)
		return -ENOMEM;
	/* Let the program inherit connected sockets, not the decoys of those that are still connecting. */
	fd_table_each(0, INT_MAX, FD_PENDING, await, NULL);
	limit_own_again();
	hook_result(0, saved); /* after a vfork the parent shares this errno */
	if (l)
		return stand_in_for(l);
	if (rc == 0)
		succession_begin();
	const bool plain = i->at == AT_FDCWD && !i->flags;
	const int failure = (int)sys_rc(plain ? sys.execve(i->path, argv, whole) : sys.execveat(i->at, i->path, argv, whole, i->flags));
	if (rc == 0)
		succession_undo();
	return failure;
}

static int execute_file(const char *path, char *const argv[], char *const env[])
{
	return execute(&(struct image){.at = AT_FDCWD, .path = path}, argv, env);
}

/* Execute a file, or run it as a shell script if the kernel does not know its format. */
static int execute_or_interpret(const char *path, char *const argv[], char *const env[])
{
	const int rc = execute_file(path, argv, env);

	if (rc != -ENOEXEC)
		return rc;
	SCRATCH(room);
	const char **const script = scratch_take(&room, program_script_pointers(argv) * sizeof(*script));
	return script ? execute_file(PROGRAM_SHELL, program_script(path, argv, script), env) : -ENOMEM;
}

static int execute_along(const char *name, const char *dirs, char *const argv[], char *const env[])
{
	SCRATCH(room);
	char *const path = scratch_take(&room, PATH_MAX);
	bool denied = false;

	if (!path)
		return -ENOMEM;
	while (dirs) {
		dirs = program_next(name, dirs, path);
		const int rc = *path ? execute_or_interpret(path, argv, env) : -ENOENT;
		switch (rc) {
		case -EACCES:
			denied = true;
			break;
		case -ENOENT:
		case -ENOTDIR:
		case -ESTALE:
		case -ENODEV:
		case -ETIMEDOUT:
			break;
		default:
			return rc;
		}
	}
	return denied ? -EACCES : -ENOENT;
}

int execve(const char *path, char *const argv[], char *const env[])
{
	return (int)hook_result(execute_file(path, argv, env), errno);
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

int execvpe(const char *name, char *const argv[], char *const env[])
{
	const char *dirs = getenv("PATH");
	int rc;

	if (!*name)
		rc = -ENOENT;
	else if (strchr(name, '/'))
		rc = execute_or_interpret(name, argv, env);
	else if (strlen(name) > NAME_MAX)
		rc = -ENAMETOOLONG;
	else
		rc = execute_along(name, dirs ? dirs : PROGRAM_PATH, argv, env);
	return (int)hook_result(rc, errno);
}

int execvp(const char *name, char *const argv[])
{
	return execvpe(name, argv, environ);
}

int fexecve(int fd, char *const argv[], char *const env[])
{
	if (fd < 0)
		return (int)hook_result(-EINVAL, errno);
	return (int)hook_result(execute(&(struct image){fd, "", AT_EMPTY_PATH}, argv, env), errno);
}

int execveat(int at, const char *path, char *const argv[], char *const env[], int flags)
{
	return (int)hook_result(execute(&(struct image){at, path, flags}, argv, env), errno);
}
