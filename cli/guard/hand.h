/* SPDX-License-Identifier: MIT */
/* hand: pass a descriptor from one process to another, over a connection of unix sockets (SCM_RIGHTS, unix(7)). Any thread. */
#ifndef CLI_GUARD_HAND_H
#define CLI_GUARD_HAND_H

/* Returns 0 or -errno. A guard lets it pass if the caller has the marker. */
int hand_give(int connection, int fd);

/* Wait for one. Returns it, close-on-exec; or -errno, -EPIPE if the other side has ended without. */
int hand_take(int connection);

#endif
