/* SPDX-License-Identifier: MIT */
/* import: another tool's configuration as a socksify.ini that does the same. */
#ifndef CLI_IMPORT_IMPORT_H
#define CLI_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/text.h"

/* Write FILE as socksify.ini to `to`; NULL: the first file that those tools would read. A line that cannot be carried over becomes a comment.
 * Returns false with the reason in `problem`. */
bool import(const char *file, FILE *to, struct text *problem);

/* Returns whose configuration the file is, as in "proxychains.conf"; NULL if it is nobody's that we know. */
const char *import_kind(const char *file);

#endif
