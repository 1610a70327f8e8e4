/* SPDX-License-Identifier: MIT */
/* completion: scripts by which a shell completes our command line, made of the table of options. */
#ifndef CLI_SHELL_COMPLETION_H
#define CLI_SHELL_COMPLETION_H

#include <stdbool.h>

/* Print the script for "bash", "zsh" or "fish". Returns false after a message: there is none for that shell. */
bool completion_print(const char *shell);

/* Print the names of the chains and proxies of the configuration in force, one a line; of a bad one, nothing. */
void completion_names(void);

#endif
