/* SPDX-License-Identifier: MIT */
/* epoll: one registration of a descriptor in an epoll set, so that it can move to another socket under the same number.
 * Any thread and any signal handler. The registrations of an entry stay for ever; a forked child has them, too. */
#ifndef FD_EPOLL_H
#define FD_EPOLL_H

#include <sys/epoll.h>

struct fd_entry;

/* epoll_ctl(), remembered. The entry is locked. 0 or -errno. */
int fd_epoll_ctl(struct fd_entry *, int epfd, int op, int fd, struct epoll_event *);

/* Put the socket that `from` is under the number `fd`, which keeps its close-on-exec flag, and loses its place in every epoll set until
 * fd_epoll_return(). The entry is locked, or NULL when nothing is known of `fd`. 0 or -errno. */
int fd_epoll_replace(struct fd_entry *, int fd, int from);

/* Afterwards, with the entry unlocked: put the number back into those sets, with the application's own events and data. It wakes whoever waits
 * there, who is then better not kept waiting by a lock. */
void fd_epoll_return(struct fd_entry *, int fd);

/* The number was closed: the kernel has taken it out of its sets. The entry is locked if others may be at it. */
void fd_epoll_forget(struct fd_entry *);

#endif
