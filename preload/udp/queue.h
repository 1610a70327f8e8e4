/* SPDX-License-Identifier: MIT */
/* queue: the first datagrams, which wait for the association that will carry them. Call under the socket's lock. */
#ifndef UDP_QUEUE_H
#define UDP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct udp_queue;

/* Append a datagram with its header; makes *b if necessary, which udp_queue_free() frees. Returns 0, -EAGAIN if the queue is full,
 * -EMSGSIZE, -EFAULT or -ENOBUFS. */
int udp_queue_add(struct udp_queue **b, const void *header, size_t header_len, const struct iovec *, size_t n);

/* Take out the oldest datagram, header first; false if there is none. The bytes are valid until the next call. */
bool udp_queue_next(struct udp_queue *, struct iovec *);

void udp_queue_free(struct udp_queue *);

#endif
