/* program: which file a command runs, and whether LD_PRELOAD reaches it. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

#include "conf/text.h"

/* Find `name` as execvp(3) does: 0 with the file in `path`, or the errno of its failure. */
int program_find(const char *name, char path[static PATH_MAX]);

/* Whether a library named `library` in LD_PRELOAD gets into what runs when `path` is executed: the file itself
 * or, for a script, its interpreters. If not, `why` completes a sentence about it: "it is statically linked". */
bool program_check(const char *path, const char *library, struct text *why);

#endif
