/* SPDX-License-Identifier: MIT */
/* program: which file a command runs, and whether LD_PRELOAD reaches it. Nothing here allocates or locks. */
#ifndef CORE_EXEC_PROGRAM_H
#define CORE_EXEC_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"

#define PROGRAM_PATH "/bin:/usr/bin" /* where libc looks without $PATH */
#define PROGRAM_SHELL "/bin/sh"

/* Write "DIR/NAME" to `path`, DIR being the first of `dirs` (a $PATH), or "" if that is too long. Returns the rest of `dirs`, or NULL after
 * the last. */
const char *program_next(const char *name, const char *dirs, char path[static PATH_MAX]);

/* Find `name` along `dirs` (NULL: PROGRAM_PATH) as execvp(3) does. Returns 0 with the file in `path`, or the errno of the failure. */
int program_find(const char *name, const char *dirs, char path[static PATH_MAX]);

/* Returns the arguments with which execvp(3) has PROGRAM_SHELL run a file that the kernel does not know how to run. They are put into `script`,
 * which has room for program_script_pointers(argv). */
char *const *program_script(const char *path, char *const argv[], const char **script);
size_t program_script_pointers(char *const argv[]);

/* What it takes to enter a program. */
struct reach {
	const char *library; /* as LD_PRELOAD names it; NULL if that is not known */
	const char *dirs;    /* the program's $PATH, or NULL: where env(1) will look for an interpreter */
};

/* True if the library gets into what runs when `path`, or with "" the descriptor `at`, is executed (as by execveat(2)): the file itself
 * or, for a script, its interpreters. If not, `why` completes a sentence about it: "it is statically linked". A file that cannot be
 * executed passes: exec will say why. */
bool program_check(int at, const char *path, const struct reach *, struct text *why);

/* True if the program may be executed: the library gets into it, or SOCKSIFY_UNSAFE says that it need not. If not, `refusal` is the line for
 * the user, who knows the program as `name`. */
bool program_admit(const char *name, int at, const char *path, const struct reach *, struct text *refusal);

#endif
