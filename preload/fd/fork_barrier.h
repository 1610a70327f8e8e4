/* SPDX-License-Identifier: MIT */
/* fork_barrier: how the owner of a pending connection and the forked children that wait for it hear that the others have finished.
 *
 * Before a fork a line is opened, a connection of which the owner keeps one end and the children share the other. When the dial has ended the
 * owner stops talking: the children see that, put the socket under its number in their processes, and hang up. When the last of them has hung up
 * the owner releases the decoy, so that nobody who sleeps on it wakes before the socket is in its place. A process that dies hangs up, too. */
#ifndef FD_FORK_BARRIER_H
#define FD_FORK_BARRIER_H

#include "fd/decoy.h"

/* Descriptors of our own, the same numbers in every process; -1: there are none. */
struct fork_line {
	int owner, children; /* whose end it is */
};

extern const struct fork_line fork_line_none;

/* Before a fork: open it, if that was not done for an earlier one. */
void fork_line_open(struct fork_line *);

/* In the child: spare it from hidden_close_others(); and hang up. */
void fork_line_keep(const struct fork_line *);
void fork_line_close(const struct fork_line *);

/* In the owner, when it has settled: see to the rest, on the engine. Takes over the line, which may be none, and the decoy. */
void fork_barrier(const struct fork_line *, const struct decoy *);

#endif
