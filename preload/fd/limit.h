/* SPDX-License-Identifier: MIT */
/* limit: room for our descriptors beyond the program's own limit, all of which it may use; ours come on top, as far as the hard limit
 * allows. Descriptors that other threads open meanwhile have the higher limit as well. */
#ifndef FD_LIMIT_H
#define FD_LIMIT_H

/* Call make(arg) with a higher limit. Returns what it returned; -EMFILE if the limit cannot be raised. */
int limit_beyond(int (*make)(void *arg), void *arg);

/* Run `f` with as many descriptors as the hard limit allows. */
void limit_run_beyond(void (*f)(void));

#endif
