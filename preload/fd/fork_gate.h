/* SPDX-License-Identifier: MIT */
/* fork_gate: a fork does not find another thread half-way through what its child would have to carry on.
 * Any thread, and any signal handler, even of a thread that is inside or at a fork itself. */
#ifndef FD_FORK_GATE_H
#define FD_FORK_GATE_H

#include <stdbool.h>

/* From now on there is something that a fork must not see the middle of. Until then a fork costs nothing. */
void fork_gate_use(void);
bool fork_gate_used(void);

/* Begin and end what a fork must not see the middle of: a few system calls, no waiting. Waits for a fork that another thread is at. */
void fork_gate_enter(void);
void fork_gate_leave(void);

/* Before a fork: wait until all other threads have left, and keep them out; and afterwards. */
void fork_gate_close(void);
bool fork_gate_open(void); /* Returns false if this thread had not closed it. */
void fork_gate_open_in_child(void);

#endif
