/* SPDX-License-Identifier: MIT */
/* fork: what the library does around a fork of the process. */
#ifndef FORK_H
#define FORK_H

/* For pthread_atfork(3). */
void fork_before(void);
void fork_in_parent(void);
void fork_in_child(void);

/* In a copy of a process that no handler ran in (process.h). Its parent is not prepared: the child learns how dials end by looking. */
void fork_unnoticed(void);

#endif
