/* SPDX-License-Identifier: MIT */
/* running: what /proc tells of other processes. Nothing of those that nobody lets us look into, as another user's. Any thread, signal
 * handlers; errno may change. */
#ifndef CORE_EXEC_RUNNING_H
#define CORE_EXEC_RUNNING_H

#include <stdbool.h>
#include <sys/types.h>

enum { RUNNING_NAME = 16 };

/* Write the process's name, as the kernel has it, up to a colon ("tmux: server"); "" if there is no such process. */
void running_name(pid_t, char name[static RUNNING_NAME]);

/* True if it is proxied: the library is in it, or a guard stands above it. */
bool running_is_carried(pid_t);

/* Returns the process that listens at the path of a unix socket, of those whose name is one of ours to look for; 0 if there is none. */
pid_t running_listener(const char *path, bool is_wanted(const char *name));

#endif
