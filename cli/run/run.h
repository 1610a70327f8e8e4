/* SPDX-License-Identifier: MIT */
/* run: execute a command in this process, with the library in front of libc. */
#ifndef CLI_RUN_RUN_H
#define CLI_RUN_RUN_H

#include <stdbool.h>

#include "conf/config.h"

/* Have LD_PRELOAD name our library in this process's environment. Returns false after a message. */
bool run_prepare(void);

/* Execute `command` with LD_PRELOAD naming our library; below a guard if the configuration wants one, or if the library cannot enter the program.
 * With SOCKSIFY_UNSAFE that goes unproxied. Returns only on failure, after a message, with the exit status. */
int run(const struct config *, char *command[]);

/* The same of the program at `path`. */
int run_file(const struct config *, const char *path, char *command[]);

/* Returns 0 if run() will find it; else the exit status, after a message. */
int run_prove(char *command[]);

#endif
