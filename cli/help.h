/* SPDX-License-Identifier: MIT */
/* help: what --help shows. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

/* Print the help, from the table of options; a screen at most. */
void help_print(FILE *);

/* Print the lines for a user who gave no arguments. */
void help_usage(FILE *);

#endif
