/* SPDX-License-Identifier: MIT */
/* run: find the library and the program, check that one gets into the other, and execute. */
#include "cli/run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/run/guard_up.h"
#include "cli/run/preload_env.h"
#include "cli/say.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/exec/exec_env.h"
#include "core/exec/launcher.h"
#include "core/exec/preload_list.h"
#include "core/exec/program.h"
#include "core/exec/reach.h"

enum { VARIABLE_MAX = 128 * 1024 }; /* the longest string that the kernel passes on: MAX_ARG_STRLEN */

static int not_run(const char *name, int error)
{
	if (error == ENOENT) {
		say("cannot find '%s'", name);
		return STATUS_NOT_FOUND;
	}
	say("cannot run '%s': %s", name, strerror(error));
	return STATUS_UNRUNNABLE;
}

/* Execute as execvp(3) does. Returns if that fails. */
static void execute(const char *path, char *command[])
{
	execv(path, command);
	if (errno != ENOEXEC)
		return;
	const char **const script = calloc(program_script_pointers(command), sizeof(*script));
	if (script)
		execv(PROGRAM_SHELL, program_script(path, command, script));
}

/* Set the variable to what make() appends to a text, of `with` and of what the variable was, or NULL. */
static bool set(const char *name, void (*make)(struct text *, const char *with, const char *old), const char *with)
{
	static char bytes[VARIABLE_MAX];
	struct text value = {.at = bytes, .size = sizeof(bytes)};

	make(&value, with, getenv(name));
	if (!value.cut && setenv(name, value.at, 1) == 0)
		return true;
	say("%s is too long", name);
	return false;
}

static void bear_with_us(struct text *options, const char *unused, const char *old)
{
	(void)unused;
	exec_env_order(options, old);
}

static void leave(struct text *list, const char *library, const char *old)
{
	(void)library;
	preload_list_leave(list, old);
}

bool run_prepare(void)
{
	TEXT(library, 2 * PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);

	if (preload_env_library(&library, &problem))
		return set("LD_PRELOAD", preload_list_join, library.at);
	say("%s", problem.at);
	return false;
}

/* Have a guard from the start: what the library does not see of a program that it enters is the guard's. Returns false, after a message, if there must be
 * one and is not. */
static bool guard_as_wanted(const struct config *c)
{
	TEXT(problem, 512);
	const bool required = guard_is_required(c);

	if (!guard_is_of_use(c) || guard_up(c, &problem))
		return true;
	if (required)
		say("there is no guard: %s", problem.at);
	else
		log_line(LOG_INFO, "there is no guard: %s", problem.at);
	return !required;
}

/* Find out who carries the program. False if nobody does, and that has been said. */
static bool admit(enum reach_way *way, const struct config *c, const char *name, const char *path, const struct reach *reach)
{
	TEXT(why, 4 * PATH_MAX);
	TEXT(problem, 512);

	*way = reach_admit(AT_FDCWD, path, reach, &why);
	if (*way == REACH_LIBRARY)
		return true;
	if (*way == REACH_PRIVILEGED ? guard_up_with_privileges(c, &problem) : guard_up(c, &problem))
		return true;
	if (problem.len)
		text_add(&why, ", and there is no guard: %s", problem.at);
	say(REACH_REFUSAL, name, why.at);
	return false;
}

int run_prove(char *command[])
{
	char path[PATH_MAX];
	const int error = program_find(AT_FDCWD, command[0], getenv("PATH"), path);

	return error ? not_run(command[0], error) : 0;
}

/* The user knows the program as `name`. Without a library (NULL) only the guard can carry it. */
static int run_program(const struct config *c, const char *name, const char *path, char *command[], const char *library)
{
	const char *dirs = getenv("PATH");
	bool ordered = false;
	const struct reach reach = {library, dirs, command, AT_FDCWD, false, getenv("LD_LIBRARY_PATH"), &ordered};
	if (!guard_as_wanted(c))
		return STATUS_FAILED;
	enum reach_way way;
	if (!admit(&way, c, name, path, &reach))
		return STATUS_UNRUNNABLE;
	if (!set("LD_PRELOAD", way == REACH_ALONE || !library ? leave : preload_list_join, library) ||
	    (ordered && !set("ASAN_OPTIONS", bear_with_us, NULL)))
		return STATUS_FAILED;
	execute(path, command);
	if (errno == ENOENT)
		say("cannot run '%s': its interpreter is missing", name);
	else
		say("cannot run '%s': %s", name, strerror(errno));
	return STATUS_UNRUNNABLE;
}

int run_file(const struct config *c, const char *path, char *command[])
{
	TEXT(library, 2 * PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);

	launcher_take_back(path);
	/* The library may have been removed under the program that executes this one. */
	return run_program(c, path, path, command, preload_env_library(&library, &problem) ? library.at : NULL);
}

int run(const struct config *c, char *command[])
{
	TEXT(library, 2 * PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);
	char path[PATH_MAX];

	if (!preload_env_library(&library, &problem)) {
		say("%s", problem.at);
		return STATUS_FAILED;
	}
	const int error = program_find(AT_FDCWD, command[0], getenv("PATH"), path);
	return error ? not_run(command[0], error) : run_program(c, command[0], path, command, library.at);
}
