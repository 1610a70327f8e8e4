/* SPDX-License-Identifier: MIT */
/* far: the way of datagrams through a chain: a socket that is connected to the first relay, and the connections that keep the relays open. For the
 * engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_FAR_H
#define CLI_GUARD_DATAGRAM_FAR_H

#include "core/dial/relays.h"

struct far {
	int fd; /* -1 until far_open() */
	int controls[RELAYS_MAX];
	size_t n_controls;
	struct udp_relay relay;
};

/* Take over relays that stand, and watch the socket with an epoll set, by the data NULL, and the connections, by `control`: a proxy never sends
 * anything on those, so any event means the end. Returns 0 or a negative err. */
int far_open(struct far *, struct relays *, int set, void *control);
void far_close(struct far *);

/* Send a datagram to `target`. */
void far_send(const struct far *, const struct addr *target, uint8_t *bytes, size_t n);

/* Receive one, with its sender in `from`; what came otherwise than through the relays is dropped. Returns its place in `bytes`, with a NULL `at` if it
 * was dropped, or -errno in `rc`. */
struct slice far_receive(const struct far *, uint8_t *bytes, size_t size, struct addr *from, int *rc);

#endif
