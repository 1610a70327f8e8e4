/* fork_barrier: the end of a connection's making that forked children have waited for, too. */
#ifndef FD_FORK_BARRIER_H
#define FD_FORK_BARRIER_H

#include "fd/decoy.h"

/* Tell the children, who hold the other end of `roll`, that it is over; release the placeholder once all of them have hung up, so that
 * nobody who sleeps on it is woken before he has the socket in its place. Takes over both. */
void fork_barrier(int hangup, const struct decoy *);

#endif
