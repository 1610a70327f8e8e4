/* SPDX-License-Identifier: MIT */
/* guard_up: have a guard above this process before it executes the command. */
#ifndef CLI_RUN_GUARD_UP_H
#define CLI_RUN_GUARD_UP_H

#include <stdbool.h>

#include "conf/config.h"

/* True if no command may run without one. */
bool guard_is_required(const struct config *);

/* True if every command is to be below a guard: unless the user wants none, or `guard = auto` has nothing to guard, as where all goes directly or
 * unproxied (--unsafe). */
bool guard_is_of_use(const struct config *);

/* Put the guard up, and tell the command of its marker; nothing is done below one that goes by the same configuration. Returns false with the
 * reason in `problem`, which is empty if the user wants no guard. It may return in another process (guard_start). */
bool guard_up(const struct config *, struct text *problem);

/* True if this process is the supervisor's child, and another one waits in its name. */
bool guard_is_parent(void);

/* The same for a command that is to gain privileges: only a guard that leaves it these will do. After a failure this process can execute nothing
 * else. */
bool guard_up_with_privileges(const struct config *, struct text *problem);

#endif
