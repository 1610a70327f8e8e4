/* SPDX-License-Identifier: MIT */
/* top: the connections of all of the user's socksified programs, live. */
#ifndef CLI_REPORT_TOP_H
#define CLI_REPORT_TOP_H

#include <stdbool.h>

/* Show them, anew each second, on a terminal until `q` is pressed, else until a signal or an error ends it; with `once`, once. `as_json`:
 * an object a line for each sample. Returns the exit status. */
int top(bool once, bool as_json);

#endif
