/* decoy: a descriptor that behaves as a TCP socket does while it connects: neither readable nor writable, EAGAIN to all. */
#ifndef FD_DECOY_H
#define FD_DECOY_H

#include <stdbool.h>
#include <sys/types.h>

struct decoy {
	int fd;     /* to be put under the application's number; an ordinary descriptor until then */
	int waker;  /* its other end, private */
	ino_t inode; /* tells whether it is still where it was put */
};

/* 0 or -errno. `blocking`: as the socket that it stands for. */
int decoy_make(struct decoy *, bool blocking);

/* Whether it is what is at `fd`. */
bool decoy_is_at(const struct decoy *, int fd);

/* Wake whoever sleeps on it, so that they look at the number again; then it is gone. */
void decoy_release(const struct decoy *);

#endif
