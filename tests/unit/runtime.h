/* SPDX-License-Identifier: MIT */
/* A runtime directory of its own for each test of what processes share, and a process of its own: a table is mapped once. */
#ifndef TESTS_UNIT_RUNTIME_H
#define TESTS_UNIT_RUNTIME_H

#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

static char runtime[PATH_MAX];

static inline void use_runtime(const char *path)
{
	static char variable[PATH_MAX + 32];
	char *const environment[] = {variable, NULL};

	snprintf(variable, sizeof(variable), "XDG_RUNTIME_DIR=%s", path);
	env_capture(environment);
}

static inline void enter_runtime(void)
{
	const char *const tmp = getenv("TMPDIR");

	snprintf(runtime, sizeof(runtime), "%s/socksify-names-XXXXXX", tmp && *tmp ? tmp : "/dev/shm");
	if (!mkdtemp(runtime))
		perror(runtime);
	use_runtime(runtime);
}

static inline void leave_runtime(void)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", runtime);
	if (system(command))
		perror(command);
}

/* Run in a child; what it found wrong has been printed, and is told on. */
static inline void in_child(void (*run)(void))
{
	int status = 0;

	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		run();
		fflush(stdout);
		_exit(tap_failed);
	}
	waitpid(child, &status, 0);
	if (status)
		tap_failed = true;
}

/* A test in a process and a directory of its own, where nothing is known yet. */
#define RUNTIME_TEST(promise)                       \
	static void TAP_JOIN(run_, __LINE__)(void); \
	TEST(promise)                               \
	{                                           \
		enter_runtime();                    \
		in_child(TAP_JOIN(run_, __LINE__)); \
		leave_runtime();                    \
	}                                           \
	static void TAP_JOIN(run_, __LINE__)(void)

#endif
