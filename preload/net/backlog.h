/* backlog: the first datagrams, waiting for the association that will carry them. */
#ifndef NET_BACKLOG_H
#define NET_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct backlog;

/* Keep a datagram with its header for later; *b is made when there is none. 0, -EAGAIN when it is full, -EMSGSIZE, -ENOBUFS. */
int backlog_add(struct backlog **b, const void *header, size_t header_len, const struct iovec *, size_t n);

/* The bytes of the oldest, header first, and out it goes; false if there is none. They stay until the next call. */
bool backlog_next(struct backlog *, struct iovec *);

void backlog_free(struct backlog *);

#endif
