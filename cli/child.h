/* SPDX-License-Identifier: MIT */
/* child: run the command beside the launcher, which has to stay until it ends: signals sent to the launcher reach the command, those of the
 * terminal reach both by themselves, and the launcher ends as the command did. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <sys/types.h>

#include "conf/config.h"

/* Call run(config, command), which executes it or returns an exit status, in a child. Returns its process id; -1 after a message on stderr. Signals to
 * pass on wait from here until child_wait(). */
pid_t child_start(int (*run)(const struct config *, char *command[]), const struct config *, char *command[]);

/* Wait until it ends, and call tick() every `ms` milliseconds meanwhile (NULL: never). Returns its status, as waitpid(2) does. */
int child_wait(pid_t, void (*tick)(void *), int ms, void *arg);

/* End as a child of that status has: by the same signal, or by returning its exit status. */
int child_end(int status);

#endif
