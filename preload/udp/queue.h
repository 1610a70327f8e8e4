/* SPDX-License-Identifier: MIT */
/* queue: the first datagrams, waiting for the association that will carry them. Under the socket's lock. */
#ifndef UDP_QUEUE_H
#define UDP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct udp_queue;

/* Keep a datagram with its header for later; *b is made when there is none, and freed by udp_queue_free(). 0, -EAGAIN when it is full,
 * -EMSGSIZE, -ENOBUFS. */
int udp_queue_add(struct udp_queue **b, const void *header, size_t header_len, const struct iovec *, size_t n);

/* The bytes of the oldest, header first, and out it goes; false if there is none. They stay until the next call. */
bool udp_queue_next(struct udp_queue *, struct iovec *);

void udp_queue_free(struct udp_queue *);

#endif
