/* watch: one registration of a descriptor in an epoll set, so that it can move to another socket under the same number. */
#ifndef NET_WATCH_H
#define NET_WATCH_H

#include <sys/epoll.h>

struct slot;

/* epoll_ctl(), remembered. The slot is locked. 0 or -errno. */
int watch_ctl(struct slot *, int epfd, int op, int fd, struct epoll_event *);

/* Put the socket that `from` is under the number `fd`, which keeps its close-on-exec flag, and loses its place in every epoll set until
 * watch_return(). The slot is locked, or NULL when nothing is known of `fd`. 0 or -errno. */
int watch_replace(struct slot *, int fd, int from);

/* Afterwards, with the slot unlocked: put the number back into those sets, with the application's own events and data. It wakes whoever waits
 * there, who is then better not kept waiting by a lock. */
void watch_return(struct slot *, int fd);

/* The number was closed. */
void watches_forget(struct slot *);

#endif
