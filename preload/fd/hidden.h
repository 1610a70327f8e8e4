/* SPDX-License-Identifier: MIT */
/* hidden: descriptors of our own (core/base/own.h) in a stranger's process: close-on-exec, unknown to the program, and beyond its limit,
 * so that they take none of its numbers, as long as the hard limit has room. Close them with own_close(). Any thread; async-signal-safe. A forked child has copies, which it
 * closes or keeps. */
#ifndef FD_HIDDEN_H
#define FD_HIDDEN_H

#include <stdbool.h>

#include "core/base/own.h"

/* Returns a hidden duplicate of `fd`, or -errno. */
int hidden_dup(int fd);

/* The same, but close `fd` whatever happens. */
int hidden_move(int fd);

/* True if a hidden descriptor takes no number that the program may miss. */
bool hidden_is_cheap(int fd);

/* Make two connected AF_UNIX sockets of `type`, nonblocking and close-on-exec, at ordinary numbers. Returns 0 or -errno. */
int hidden_pair(int type, int pair[2]);

/* In the child of a fork: mark a hidden descriptor to keep; and close all others that the parent had. */
void hidden_keep(int fd);
void hidden_close_others(void);

/* Close first..last for the application, but none of our own. Returns 0 or -errno, as close_range(2) does. */
int hidden_close_range(unsigned first, unsigned last, int flags);

#endif
