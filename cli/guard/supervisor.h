/* SPDX-License-Identifier: MIT */
/* supervisor: the process that answers for the command. */
#ifndef CLI_GUARD_SUPERVISOR_H
#define CLI_GUARD_SUPERVISOR_H

#include <stdnoreturn.h>
#include <sys/types.h>

#include "conf/config.h"

/* Returns 0 if this process, which that one has forked, may look into it; else -errno. */
int supervisor_may_look(pid_t command);

/* Be the supervisor of the process `command`, in a process just forked for that. By `hand`, a connection of packets, it is given the
 * listener, and tells 0, or the -errno for which it cannot serve that. `waiter`: the connection that wards_start() takes if the command is our
 * child; else -1. */
noreturn void supervisor_run(const struct config *, pid_t command, int hand, int waiter);

#endif
