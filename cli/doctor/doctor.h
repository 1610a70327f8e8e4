/* SPDX-License-Identifier: MIT */
/* doctor: say what a program is, what carries its connections, and what to type where nothing does. */
#ifndef CLI_DOCTOR_DOCTOR_H
#define CLI_DOCTOR_DOCTOR_H

#include <stdbool.h>

/* Examine a command, of which nothing is run. Returns the exit status: 0 if its connections are carried, 126 if not, 127 if there is no such
 * command. */
int doctor(char *command[], bool as_json);

#endif
