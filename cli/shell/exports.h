/* SPDX-License-Identifier: MIT */
/* exports: lines that a shell evaluates so that what it starts is proxied. */
#ifndef CLI_SHELL_EXPORTS_H
#define CLI_SHELL_EXPORTS_H

#include <stdbool.h>

/* Print what of our environment makes programs go through the chain (SOCKSIFY_*, LD_PRELOAD), and the `unset` of the variables named in `gone`,
 * which ends with NULL, for a shell of that name; NULL: $SHELL's. Returns false after a message: no such shell. */
bool exports_print(const char *shell, const char *const gone[]);

#endif
