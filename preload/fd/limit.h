/* SPDX-License-Identifier: MIT */
/* limit: descriptors beyond those that the program may have. It may use every one that it is allowed; ours come on top, for as long as the hard
 * limit has room. Other threads that open something meanwhile have the higher limit, too. */
#ifndef FD_LIMIT_H
#define FD_LIMIT_H

/* What `make` makes of `arg` where there is more room; -EMFILE if there is none. */
int limit_beyond(int (*make)(void *arg), void *arg);

/* Run `f` with as many descriptors as the hard limit allows. */
void limit_run_beyond(void (*f)(void));

#endif
