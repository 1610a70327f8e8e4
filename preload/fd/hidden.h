/* SPDX-License-Identifier: MIT */
/* hidden: descriptors of our own (core/base/own.h) in a stranger's process: high, close-on-exec, and unknown to it, even if it has used up all
 * that it may have. Close them with own_close(). Any thread; async-signal-safe. A forked child has copies, which it closes or keeps. */
#ifndef FD_HIDDEN_H
#define FD_HIDDEN_H

#include "core/base/own.h"

/* Another descriptor for what `fd` is, out of the program's way; -errno. */
int hidden_dup(int fd);

/* The same, and `fd` itself is closed whatever happens. */
int hidden_move(int fd);

/* Two connected AF_UNIX stream sockets, nonblocking and close-on-exec, at ordinary numbers; 0 or -errno. */
int hidden_pair(int pair[2]);

/* In the child of a fork: close all of our own that the parent had, but for those that were to be kept. */
void hidden_keep(int fd);
void hidden_close_others(void);

/* The application closes first..last: close all of that but our own. 0 or -errno, as close_range(2). */
int hidden_close_range(unsigned first, unsigned last, int flags);

#endif
