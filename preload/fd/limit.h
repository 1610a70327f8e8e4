/* SPDX-License-Identifier: MIT */
/* limit: room for our descriptors beyond the program's own limit, all of which it may use; ours come on top, as far as the hard limit
 * allows. The limit is higher for the moment of one call: descriptors that other threads open just then have it as well, but a forked child
 * does not, nor what a child of vfork executes. Any thread; async-signal-safe. */
#ifndef FD_LIMIT_H
#define FD_LIMIT_H

/* Call make(own, arg) while numbers from `own`, the program's own limit, are to be had. Returns what it returned; -EMFILE if that needs a
 * higher hard limit, if another thread forks, or if numbers beyond LIMIT_FAR would be the first. *own, unless NULL, is
 * the program's own limit in any case. Do not call it from `make`. */
enum { LIMIT_FAR = 65536 }; /* a descriptor up there is dear at every fork, and a program with such a limit has enough of them */
int limit_beyond(int (*make)(int own, void *arg), void *arg, int *own);

/* Run `f` with as many descriptors as the hard limit allows. */
void limit_run_beyond(void (*f)(void));

/* Before an exec: take back a limit that this process has from its parent, which was raising it at that moment. */
void limit_own_again(void);

#endif
