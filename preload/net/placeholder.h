/* placeholder: a descriptor that behaves as a TCP socket does while it connects: neither readable nor writable, EAGAIN to all. */
#ifndef NET_PLACEHOLDER_H
#define NET_PLACEHOLDER_H

#include <stdbool.h>
#include <sys/types.h>

struct placeholder {
	int fd;     /* to be put under the application's number; an ordinary descriptor until then */
	int waker;  /* its other end, private */
	ino_t inode; /* tells whether it is still where it was put */
};

/* 0 or -errno. `blocking`: as the socket that it stands for. */
int placeholder_make(struct placeholder *, bool blocking);

/* Whether it is what is at `fd`. */
bool placeholder_is_at(const struct placeholder *, int fd);

/* Wake whoever sleeps on it, so that they look at the number again; then it is gone. */
void placeholder_release(struct placeholder *);

#endif
