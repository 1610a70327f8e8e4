/* SPDX-License-Identifier: MIT */
/* shell: an interactive shell in which everything is proxied, and which shows that. */
#ifndef CLI_SHELL_SHELL_H
#define CLI_SHELL_SHELL_H

#include <stdbool.h>

/* Choose the command that starts the user's shell ($SHELL), with a prompt that begins with "(socksify) ". It stays valid. Returns NULL after a
 * message. */
char **shell_command(void);

#endif
