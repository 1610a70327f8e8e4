/* SPDX-License-Identifier: MIT */
/* doctor: ask what an exec would ask. */
#include "cli/doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/layers.h"
#include "cli/doctor/inspect.h"
#include "cli/doctor/remedy.h"
#include "cli/json.h"
#include "cli/run/preload_env.h"
#include "cli/say.h"
#include "conf/config.h"
#include "core/base/env.h"
#include "core/exec/program.h"
#include "core/exec/reach.h"

struct finding {
	char path[PATH_MAX];
	enum reach_way way;
	bool carried;
	struct text what, why, note, instead;
};

/* What the user says of the guard, even where no proxy is named yet. */
static bool read_config(struct config *c)
{
	TEXT(problems, 1024);

	env_capture(environ);
	if (config_read(c, (struct arena){0}, &problems))
		return true;
	config_free(c);
	problems.len = 0;
	return setenv("SOCKSIFY_CHAIN", "block", 1) == 0 && (env_capture(environ), config_read(c, (struct arena){0}, &problems));
}

/* True if the guard does what the library cannot; else why not stands in `why`, too. Without root it takes privileges away, and then only if none
 * are wanted. */
static bool guard_helps(enum reach_way way, struct text *why)
{
	struct config c;

	if (way != REACH_GUARD && geteuid() != 0)
		return false;
	const char *const lack = read_config(&c) ? layers_no_guard(&c) : NULL;
	if (lack)
		text_add(why, ", and there is no guard: %s", lack);
	config_free(&c);
	return !lack;
}

static void print_carrier(const struct finding *f)
{
	if (!f->carried)
		print_line("  carried  by nothing: %s; socksify refuses it", f->why.at);
	else if (f->way == REACH_LIBRARY)
		print_line("  carried  by the library");
	else
		print_line("  carried  by the guard: %s", f->why.at);
}

static void print_finding(const struct finding *f, const char *name)
{
	print_line("%s (%s)", name, f->path);
	print_line("  is       %s", f->what.at);
	print_carrier(f);
	if (f->note.len)
		print_line("  but      %s", f->note.at);
	if (f->instead.len)
		print_line("  instead  %s", f->instead.at);
}

static void print_json(const struct finding *f, const char *name)
{
	json_begin(NULL, '{');
	json_string("command", name);
	json_string("path", f->path);
	json_string("is", f->what.at);
	json_bool("carried", f->carried);
	json_string("by", !f->carried ? NULL : f->way == REACH_LIBRARY ? "library" : "guard");
	json_string("why", f->way == REACH_LIBRARY ? NULL : f->why.at);
	json_string("note", f->note.len ? f->note.at : NULL);
	json_string("instead", f->instead.len ? f->instead.at : NULL);
	json_end('}');
	putchar('\n');
}

static int examine(struct finding *f, char *command[], const char *library)
{
	const char *const dirs = getenv("PATH");
	const struct reach reach = {library, dirs, command, AT_FDCWD, false, getenv("LD_LIBRARY_PATH"), NULL};

	const int error = program_find(AT_FDCWD, command[0], dirs, f->path);
	if (error == ENOENT)
		say("cannot find '%s'", command[0]);
	else if (error)
		say("cannot run '%s': %s", command[0], strerror(error));
	if (error)
		return error == ENOENT ? STATUS_NOT_FOUND : STATUS_UNRUNNABLE;
	f->way = reach_check(AT_FDCWD, f->path, &reach, &f->why);
	f->carried = f->way == REACH_LIBRARY || guard_helps(f->way, &f->why);
	inspect(f->path, &f->what);
	remedy_note(command, f->path, &f->note);
	remedy_line(command, f->path, f->carried, &f->instead);
	return f->carried ? 0 : STATUS_UNRUNNABLE;
}

int doctor(char *command[], bool as_json)
{
	TEXT(library, 2 * PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);
	TEXT(what, 4 * PATH_MAX);
	TEXT(note, 512);
	TEXT(instead, 4096);
	struct finding f = {.what = what, .why = problem, .note = note, .instead = instead};

	if (!preload_env_library(&library, &problem)) {
		say("%s", problem.at);
		return STATUS_FAILED;
	}
	const int status = examine(&f, command, library.at);
	if (f.what.len && as_json)
		print_json(&f, command[0]);
	else if (f.what.len)
		print_finding(&f, command[0]);
	return status;
}
