/* SPDX-License-Identifier: MIT */
/* epoll: the registrations of a descriptor in epoll sets, so that they can move to another socket under the same number. Any thread and
 * any signal handler. The registrations of an entry stay for ever, and a forked child has them as well. */
#ifndef FD_EPOLL_H
#define FD_EPOLL_H

#include <sys/epoll.h>

struct fd_entry;

/* Do what epoll_ctl() does, and remember it. The entry is locked. Returns 0 or -errno. */
int fd_epoll_ctl(struct fd_entry *, int epfd, int op, int fd, struct epoll_event *);

/* Put the socket that `from` means under the number `fd`, which keeps its close-on-exec flag but is in no epoll set until
 * fd_epoll_return(). The entry is locked, or NULL if nothing is known of `fd`. Returns 0 or -errno. */
int fd_epoll_replace(struct fd_entry *, int fd, int from);

/* Afterwards put the number back into its epoll sets, with the application's own events and data. Call it without the lock: it wakes
 * epoll waiters, and they would only block on it. */
void fd_epoll_return(struct fd_entry *, int fd);

/* Both, one after the other. The entry is not locked, or NULL. */
int fd_epoll_exchange(struct fd_entry *, int fd, int from);

/* Forget the registrations of a closed number, which the kernel has dropped. The entry is locked if other threads may use it. */
void fd_epoll_forget(struct fd_entry *);

/* End the registrations of a number that is about to be closed, since what it means stays open. The entry is locked. */
void fd_epoll_leave(struct fd_entry *, int fd);

#endif
