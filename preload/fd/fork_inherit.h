/* SPDX-License-Identifier: MIT */
/* fork_inherit: a connection that another process is making for this one: its parent, as long as that lives. Called around a fork alone
 * (preload/fork.c), when no other thread is at it; the waiting is the engine's. */
#ifndef FD_FORK_INHERIT_H
#define FD_FORK_INHERIT_H

#include <stdbool.h>

/* Before a fork: prepare all that a child will wait for; false if there is nothing. */
bool fork_inherit_prepare(void);

/* In the child of a fork: spare the descriptors of all that is pending from hidden_close_others(). */
void fork_inherit_keep(void);

/* And then: wait for all that is pending, and carry on what the parent leaves behind. */
void fork_inherit_adopt(void);

#endif
