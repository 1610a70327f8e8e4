/* SPDX-License-Identifier: MIT */
/* decoy: a descriptor that behaves like a TCP socket while it connects: neither readable nor writable, EAGAIN to every call. Any thread;
 * async-signal-safe; forked children share the decoy. */
#ifndef FD_DECOY_H
#define FD_DECOY_H

#include <stdbool.h>
#include <sys/types.h>

struct decoy {
	int fd;      /* an ordinary descriptor for the application's number; whoever made the decoy puts it there and closes it */
	int waker;   /* the other end, a hidden descriptor that decoy_release() closes */
	ino_t inode; /* shows whether the application's number still means the decoy */
};

/* Make a decoy that blocks if the socket behind it does. Returns 0 or -errno. */
int decoy_make(struct decoy *, bool blocking);

/* True if the descriptor `fd` is this decoy. */
bool decoy_is_at(const struct decoy *, int fd);

/* Wake every thread that sleeps on the decoy, so that it looks at the number again, and end the decoy. */
void decoy_release(const struct decoy *);

#endif
