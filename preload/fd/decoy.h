/* SPDX-License-Identifier: MIT */
/* decoy: a descriptor that behaves as a TCP socket does while it connects: neither readable nor writable, EAGAIN to all.
 * Any thread; async-signal-safe; forked children have the same decoy. */
#ifndef FD_DECOY_H
#define FD_DECOY_H

#include <stdbool.h>
#include <sys/types.h>

struct decoy {
	int fd;      /* to be put under the application's number, and then closed by whoever made the decoy; an ordinary descriptor */
	int waker;   /* its other end, a descriptor of our own; decoy_release() closes it */
	ino_t inode; /* tells whether it is still where it was put */
};

/* Make one, that blocks if the socket that it stands for does. 0 or -errno. */
int decoy_make(struct decoy *, bool blocking);

/* Whether the descriptor at `fd` is this decoy. */
bool decoy_is_at(const struct decoy *, int fd);

/* Wake whoever sleeps on it, so that they look at the number again; then it is gone. */
void decoy_release(const struct decoy *);

#endif
