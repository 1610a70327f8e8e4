/* SPDX-License-Identifier: MIT */
/* in: a datagram that has come in, headers and all, and who sent it. */
#ifndef UDP_IN_H
#define UDP_IN_H

#include "udp/socket.h"

enum { UDP_IN_SPILL = UDP_RELAY_FRONT + UDP_HEADER_MAX };

/* One datagram: `front` takes the expected headers, the application's buffers the data, and `spill` as many bytes as headers may exceed
 * the expected length. */
struct udp_in {
	struct endpoint from;
	uint8_t front[UDP_IN_SPILL], spill[UDP_IN_SPILL];
	size_t front_len, room, len; /* `len` counts the whole datagram, even what did not fit */
	struct iovec *v;
	size_t n_v;
	struct msghdr m;
};

/* Copy `n` of the received bytes, `skip` bytes from their start. */
void udp_in_peek(const struct udp_in *, size_t skip, uint8_t *to, size_t n);

/* Find its source, as the application calls it; with MSG_ERRQUEUE in `flags`, which gives back what the application has sent, its destination.
 * Returns the length of the headers: 0 for a direct datagram, -1 to drop it. */
int udp_in_accept(struct udp *, const struct udp_in *, int flags, struct endpoint *);

#endif
