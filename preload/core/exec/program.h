/* SPDX-License-Identifier: MIT */
/* program: which file a command runs. Nothing here allocates or locks. */
#ifndef CORE_EXEC_PROGRAM_H
#define CORE_EXEC_PROGRAM_H

#include <limits.h>
#include <stddef.h>

#define PROGRAM_PATH "/bin:/usr/bin" /* where libc looks without $PATH */
#define PROGRAM_SHELL "/bin/sh"

/* Write "DIR/NAME" to `path`, DIR being the first of `dirs` (a $PATH), or "" if that is too long. Returns the rest of `dirs`, or NULL after
 * the last. */
const char *program_next(const char *name, const char *dirs, char path[static PATH_MAX]);

/* Returns 0 if execveat(at, path) would look into the file, or with "" into the descriptor `at`; else its errno. */
int program_runnable(int at, const char *path);

/* Find `name` along `dirs` (NULL: PROGRAM_PATH) as execvp(3) does in the directory `cwd` (AT_FDCWD: the current one). Returns 0 with the
 * file in `path`, or the errno of the failure. */
int program_find(int cwd, const char *name, const char *dirs, char path[static PATH_MAX]);

/* Returns the arguments with which execvp(3) has PROGRAM_SHELL run a file that the kernel does not know how to run. They are put into `script`,
 * which has room for program_script_pointers(argv). */
char *const *program_script(const char *path, char *const argv[], const char **script);
size_t program_script_pointers(char *const argv[]);

#endif
