/* SPDX-License-Identifier: MIT */
/* layers: a child has the guard put up over itself, tells what became of that, and ends. */
#include "cli/check/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/guard_up.h"
#include "cli/json.h"
#include "cli/preload_env.h"
#include "cli/say.h"

/* A reason is empty if the layer is there. */
static struct {
	char library[4 * PATH_MAX], guard[512];
} lack;

static bool has_landlock;

static void find_library(void)
{
	TEXT(path, 2 * PATH_MAX);
	struct text problem = {.at = lack.library, .size = sizeof(lack.library)};

	preload_env_library(&path, &problem);
}

/* In the child. The NUL goes along: it tells the end, for the supervisor may hold the pipe for a moment. */
static void put_up(const struct config *c, int to)
{
	TEXT(problem, sizeof(lack.guard));

	if (!guard_up(c, &problem) && !problem.len)
		text_add(&problem, "nobody knows why");
	_exit(write(to, problem.at, problem.len + 1) < 0);
}

/* Read up to a NUL. Returns false if it does not come. */
static bool hear(int from, char *to, size_t size)
{
	size_t n = 0;

	while (n < size) {
		const ssize_t got = read(from, to + n, size - n);
		if (got > 0 && memchr(to + n, '\0', (size_t)got))
			return true;
		if (got <= 0 && errno != EINTR)
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	return false;
}

static void try_guard(const struct config *c)
{
	struct text problem = {.at = lack.guard, .size = sizeof(lack.guard)};
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
	if (child < 0 || !hear(ends[0], lack.guard, sizeof(lack.guard))) {
		problem.len = 0;
		text_add(&problem, "it cannot be tried: %s", child < 0 ? strerror(errno) : "the process under it was ended");
	}
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

void layers_find(const struct config *c)
{
	find_library();
	if (c->guard == GUARD_OFF)
		strcpy(lack.guard, "guard = off");
	else
		try_guard(c);
	has_landlock = c->strict && !lack.guard[0];
}

void layers_print(void)
{
	print("layers: ");
	print(lack.library[0] ? "no library: %s" : "the library%s", lack.library);
	print(lack.guard[0] ? "; no guard: %s" : "; the guard, for what the library does not see%s", lack.guard);
	print_line(has_landlock ? "; Landlock, for what goes past it on purpose" : "");
}

void layers_json(void)
{
	json_begin("layers", '{');
	json_bool("library", !lack.library[0]);
	json_bool("guard", !lack.guard[0]);
	json_bool("landlock", has_landlock);
	json_string("no_library", lack.library[0] ? lack.library : NULL);
	json_string("no_guard", lack.guard[0] ? lack.guard : NULL);
	json_end('}');
}
