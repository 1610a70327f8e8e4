/* SPDX-License-Identifier: MIT */
/* inspect: what kind of program a file is, in words. */
#ifndef CLI_DOCTOR_INSPECT_H
#define CLI_DOCTOR_INSPECT_H

#include <stdbool.h>

#include "core/base/text.h"

/* Append "a static Go program for x86-64"; or, of a script, "a script, which /usr/bin/python3 runs: a program for..." . */
void inspect(const char *path, struct text *what);

/* True if the file belongs to an application made with Electron, or another Chromium. */
bool inspect_is_chromium(const char *path);

#endif
