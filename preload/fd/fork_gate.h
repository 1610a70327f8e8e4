/* SPDX-License-Identifier: MIT */
/* fork_gate: keep a fork from catching another thread half-way through work that the child would have to continue. Any thread and any
 * signal handler, even of a thread that is inside a section or forks itself. */
#ifndef FD_FORK_GATE_H
#define FD_FORK_GATE_H

#include <stdbool.h>

/* Announce that sections exist from now on. Before that a fork costs nothing. */
void fork_gate_use(void);
bool fork_gate_used(void);

/* Enter and leave a section that a fork must not interrupt: a few system calls, no waiting. Entering returns false while another thread
 * forks: give back every lock before the next try, because that thread waits for the engine, which may wait for the lock. */
bool fork_gate_enter(void);
void fork_gate_leave(void);

/* Before a fork: wait until all other threads have left their sections, and keep them out; then let them in again. */
void fork_gate_close(void);
bool fork_gate_open(void); /* Returns false if this thread had not closed it. */
void fork_gate_open_in_child(void);

#endif
