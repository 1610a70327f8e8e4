/* SPDX-License-Identifier: MIT */
/* fork: what the library does around a fork of the process. */
#ifndef FORK_H
#define FORK_H

/* For pthread_atfork(3). */
void fork_before(void);
void fork_in_parent(void);
void fork_in_child(void);

#endif
