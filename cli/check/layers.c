/* SPDX-License-Identifier: MIT */
/* layers: a child has the guard put up over itself, tells what became of that, and ends. */
#include "cli/check/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/run/guard_up.h"
#include "cli/run/preload_env.h"
#include "cli/say.h"

/* A reason is empty if the layer is there. */
static struct {
	char library[4 * PATH_MAX], guard[512];
} lack;

static bool has_landlock, guard_is_above;

/* What the child says. */
struct outcome {
	bool is_above;
	char problem[sizeof(lack.guard)];
};

static void find_library(void)
{
	TEXT(path, 2 * PATH_MAX);
	struct text problem = {.at = lack.library, .size = sizeof(lack.library)};

	preload_env_library(&path, &problem);
}

/* In the child. */
static void put_up(const struct config *c, int to)
{
	struct outcome o = {0};
	struct text problem = {.at = o.problem, .size = sizeof(o.problem)};

	if (!guard_up(c, &problem) && !problem.len)
		text_add(&problem, "nobody knows why");
	o.is_above = guard_is_parent();
	_exit(write(to, &o, sizeof(o)) != sizeof(o));
}

/* Not up to the end: the supervisor may hold the pipe for a moment. */
static bool hear(int from, struct outcome *o)
{
	ssize_t n;

	while ((n = read(from, o, sizeof(*o))) < 0 && errno == EINTR)
		;
	return n == sizeof(*o);
}

static void try_guard(const struct config *c)
{
	struct text problem = {.at = lack.guard, .size = sizeof(lack.guard)};
	struct outcome o;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		text_add(&problem, "%s", strerror(errno));
		return;
	}
	const pid_t child = fork();
	if (child == 0)
		put_up(c, ends[1]);
	close(ends[1]);
	errno = 0;
	if (child > 0 && hear(ends[0], &o)) {
		text_add(&problem, "%s", o.problem);
		guard_is_above = o.is_above;
	} else {
		text_add(&problem, "it cannot be tried: %s", child < 0 ? strerror(errno) : "the process under it was ended");
	}
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

const char *layers_no_guard(const struct config *c)
{
	if (c->guard == GUARD_OFF)
		strcpy(lack.guard, "guard = off");
	else
		try_guard(c);
	return lack.guard[0] ? lack.guard : NULL;
}

void layers_find(const struct config *c)
{
	find_library();
	layers_no_guard(c);
	has_landlock = c->strict && !lack.guard[0];
}

void layers_print(void)
{
	print("layers: ");
	print(lack.library[0] ? "no library: %s" : "the library%s", lack.library);
	print(lack.guard[0] ? "; no guard: %s" : "; the guard, for what the library does not see%s", lack.guard);
	print(guard_is_above ? ", as the command's parent" : "");
	print_line(has_landlock ? "; Landlock, for what goes past it on purpose" : "");
}

void layers_json(void)
{
	json_begin("layers", '{');
	json_bool("library", !lack.library[0]);
	json_bool("guard", !lack.guard[0]);
	json_bool("guard_is_parent", guard_is_above);
	json_bool("landlock", has_landlock);
	json_string("no_library", lack.library[0] ? lack.library : NULL);
	json_string("no_guard", lack.guard[0] ? lack.guard : NULL);
	json_end('}');
}
