/* SPDX-License-Identifier: MIT */
/* fork_barrier: tell forked children that the connect they share has finished, and wait until each has put its socket in place. Before a
 * fork the owner of a pending connection opens a line: the owner holds one end, all children share the other. When the dial ends, the
 * owner shuts its end down; each child then puts the socket under its number and closes its own end, as the kernel does for a child that
 * dies. Only when all have closed does the owner release the decoy, so no sleeper wakes before the socket is in place. */
#ifndef FD_FORK_BARRIER_H
#define FD_FORK_BARRIER_H

#include "fd/decoy.h"

/* Hidden descriptors, with the same numbers in every process; -1 if there are none. */
struct fork_line {
	int owner, children; /* whose end it is */
};

extern const struct fork_line fork_line_none;

/* Before a fork: open the line, unless an earlier fork did. */
void fork_line_open(struct fork_line *);

/* In the child: spare the line from hidden_close_others(); and close it. */
void fork_line_keep(const struct fork_line *);
void fork_line_close(const struct fork_line *);

/* In the owner, once the dial has ended: start the barrier on the engine. Takes over the line, if there is one, and the decoy. */
void fork_barrier(const struct fork_line *, const struct decoy *);

#endif
