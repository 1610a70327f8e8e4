/* SPDX-License-Identifier: MIT */
/* ready: what a read or a write on one of the application's numbers owes to a dial, as long as one lasts or unless somebody has heard that
 * it failed. For hooks; any thread and any signal handler. */
#ifndef FD_READY_H
#define FD_READY_H

#include <stdbool.h>
#include <stdint.h>

struct fd_entry;

/* Before a call with these MSG_ flags, whose time limit is the option `timeout` (SO_RCVTIMEO, SO_SNDTIMEO): wait as the kernel does while
 * a socket connects. Returns 0 if the kernel can do the call; -EAGAIN, -EINTR, or what the dial failed with. May be cancelled. */
int fd_ready(int fd, int flags, int timeout);

/* Returns the errno of a dial that failed, once, and clears the kernel's own error: the one from our disconnect. 0 if there is none. */
int fd_failure(struct fd_entry *, int fd);

/* Returns when a call that blocks must return: now and the time of the socket's option `timeout`, in monotonic ns; INT64_MAX: never. */
int64_t fd_patience(int fd, int timeout);

#endif
