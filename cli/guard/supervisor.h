/* SPDX-License-Identifier: MIT */
/* supervisor: the process that answers for the command. */
#ifndef CLI_GUARD_SUPERVISOR_H
#define CLI_GUARD_SUPERVISOR_H

#include <stdnoreturn.h>
#include <sys/types.h>

#include "conf/config.h"

/* Be the supervisor of the process `command`, in a process just forked for that. By `hand`, a connection of packets, it is told the supervisor's
 * process id, and lets that look into it; is told 0, or the -errno with which the supervisor fails to; tells the number of its listener, and is
 * told again. */
noreturn void supervisor_run(const struct config *, pid_t command, int hand);

#endif
