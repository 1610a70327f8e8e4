/* SPDX-License-Identifier: MIT */
/* udp_relay: where a datagram goes first, and what stands in front of it there. */
#ifndef CORE_PROTO_UDP_RELAY_H
#define CORE_PROTO_UDP_RELAY_H

#include <stdbool.h>

#include "core/base/endpoint.h"

enum { UDP_RELAY_FRONT = 512 };

/* Whoever opens one fills this in; nothing else is known of it. One hop: `front` is empty, the datagram begins with the header of its
 * destination. */
struct udp_relay {
	struct endpoint at; /* in the words of the application's socket */
	uint16_t front_len; /* the headers for further relays, outermost first */
	uint8_t front[UDP_RELAY_FRONT];
};

/* The relays are `hops` in order, for a socket of `family`. 0, ERR_PROXY_ADDRESS if the socket cannot reach the first, ERR_TOO_LONG. */
int udp_relay_through(struct udp_relay *, const struct addr *hops, size_t n, int family);

/* Take the headers off a datagram of `n` bytes: how long they are, and in `from` who sent the rest; -1 if it is to be dropped, because it is
 * garbled, a fragment, or did not come through the relays in order. */
int udp_relay_open(const struct udp_relay *, const uint8_t *at, size_t n, struct addr *from);

#endif
