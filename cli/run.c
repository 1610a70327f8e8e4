/* SPDX-License-Identifier: MIT */
/* run: find the library and the program, check that one gets into the other, and execute. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/exec/preload_list.h"
#include "core/exec/program.h"
#include "core/exec/reach.h"
#include "preload_env.h"
#include "say.h"

enum { PRELOAD_MAX = 128 * 1024 }; /* the longest string that the kernel passes on: MAX_ARG_STRLEN */

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

static bool set_preload(const char *library)
{
	static char bytes[PRELOAD_MAX];
	struct text list = {.at = bytes, .size = sizeof(bytes)};

	preload_list_join(&list, library, getenv("LD_PRELOAD"));
	if (!list.cut && setenv("LD_PRELOAD", list.at, 1) == 0)
		return true;
	say("LD_PRELOAD is too long");
	return false;
}

int run(char *command[])
{
	TEXT(library, 2 * PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);
	char path[PATH_MAX];

	if (!preload_env_library(&library, &problem)) {
		say("%s", problem.at);
		return STATUS_FAILED;
	}
	const char *dirs = getenv("PATH");
	const int error = program_find(AT_FDCWD, command[0], dirs, path);
	if (error)
		return not_run(command[0], error);
	const struct reach reach = {.library = library.at, .dirs = dirs, .argv = command, .cwd = AT_FDCWD};
	if (!reach_admit(command[0], AT_FDCWD, path, &reach, &problem)) {
		say("%s", problem.at);
		return STATUS_UNRUNNABLE;
	}
	if (!set_preload(library.at))
		return STATUS_FAILED;
	execute(path, command);
	if (errno == ENOENT)
		say("cannot run '%s': its interpreter is missing", command[0]);
	else
		say("cannot run '%s': %s", command[0], strerror(errno));
	return STATUS_UNRUNNABLE;
}
