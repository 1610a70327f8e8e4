/* SPDX-License-Identifier: MIT */
/* glob: a pattern in which '*' is any run of bytes and '?' any one byte. Not fnmatch(3), which depends on the locale. */
#ifndef CONF_GLOB_H
#define CONF_GLOB_H

#include <stdbool.h>

/* True if the pattern matches the whole string. */
bool glob_matches(const char *glob, const char *s);

#endif
