/* SPDX-License-Identifier: MIT */
/* secrets: passwords from the command line, from the terminal and from commands, kept out of the environment that programs inherit. */
#ifndef CLI_SECRETS_H
#define CLI_SECRETS_H

#include <stdbool.h>

#include "conf/config.h"

/* Blacken the password in an argument of this process, "[NAME=]URL" or "PATTERN=URL", which others may read as long as that runs. Returns false if it has none. */
bool secrets_wipe(char *argument);

/* Move the passwords in SOCKSIFY_PROXY and SOCKSIFY_RULES into a file that only the user can read, and ask on the terminal (`ask`) for the one that a SOCKS5
 * proxy lacks. Without a place for such a file they stay where they are. Returns false after a message. */
bool secrets_hide(bool ask);

/* Run the password_command of each proxy that traffic may take, and put what it prints there, too. Returns false after a message; `*ran`:
 * whether the configuration must be read again. */
bool secrets_run_commands(const struct config *, bool *ran);

#endif
