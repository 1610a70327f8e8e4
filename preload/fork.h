/* SPDX-License-Identifier: MIT */
/* fork: what becomes of everything on this floor when the process forks. */
#ifndef FORK_H
#define FORK_H

/* For pthread_atfork(3). */
void fork_before(void);
void fork_in_parent(void);
void fork_in_child(void);

#endif
