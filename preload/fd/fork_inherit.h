/* SPDX-License-Identifier: MIT */
/* fork_inherit: a connect in progress inherited across fork: the parent finishes it, or a child does if the parent dies first. Called
 * only around a fork (preload/fork.c), when no other thread touches the connection; the engine waits. */
#ifndef FD_FORK_INHERIT_H
#define FD_FORK_INHERIT_H

#include <stdbool.h>

/* Before a fork: share every pending connection with the child; false if there is none. */
bool fork_inherit_prepare(void);

/* In the child of a fork: spare the descriptors of every pending connection from hidden_close_others(). */
void fork_inherit_keep(void);

/* And then wait for every pending connection, and finish those that the parent does not. */
void fork_inherit_adopt(void);

#endif
