/* SPDX-License-Identifier: MIT */
/* given: a configuration from standard input or a pipe, which can be read once, in a file that every program can read. */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include <stdbool.h>

#include "core/base/text.h"

/* True if `file` is "-", or no file but a pipe or a socket, as the shell's <(...) is. */
bool given_is_stream(const char *file);

/* Copy it to a file of the user's that ends with the login, and write that one's path. Returns false after a message. */
bool given_copy(const char *file, struct text *path);

#endif
