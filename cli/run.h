/* SPDX-License-Identifier: MIT */
/* run: execute a command in this process, with the library in front of libc. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

/* Execute `command` with LD_PRELOAD naming our library; with SOCKSIFY_UNSAFE even a program that the library cannot enter. Returns only on
 * failure, after a message, with the exit status. */
int run(char *command[]);

#endif
