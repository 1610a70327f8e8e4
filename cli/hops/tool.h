/* SPDX-License-Identifier: MIT */
/* tool: programs of others that the launcher runs for a hop. They speak to the user on stderr alone, because stdout is the command's. */
#ifndef CLI_HOPS_TOOL_H
#define CLI_HOPS_TOOL_H

#include <stddef.h>

#include "core/base/text.h"

/* Run it to its end, found by PATH, with nothing to read. What it prints is appended to `output`; NULL: goes to stderr, which is at `errors`.
 * Returns its status as waitpid(2) does; -errno if it cannot be run. */
int tool_run(const char *const argv[], struct text *output, int errors);

/* Start it with the socket `both` to read from and to write to, and with stderr at `errors`. Returns 0, or -errno. Whoever waits for all children
 * reaps it (cli/child.h). From any thread. */
int tool_start(const char *const argv[], int both, int errors);

#endif
