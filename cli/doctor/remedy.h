/* SPDX-License-Identifier: MIT */
/* remedy: what to type for programs that have others do their work, or that nothing gets into. */
#ifndef CLI_DOCTOR_REMEDY_H
#define CLI_DOCTOR_REMEDY_H

#include <stdbool.h>

#include "core/base/text.h"

/* Append what is to be known of the command, found at `path`, though it may be carried itself; nothing is appended if there is nothing. */
void remedy_note(char *command[], const char *path, struct text *note);

/* Append the line to type instead of `socksify COMMAND`, `carried` telling whether that would do. Nothing: there is none, or none is needed. */
void remedy_line(char *command[], const char *path, bool carried, struct text *line);

#endif
