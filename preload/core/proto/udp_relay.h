/* SPDX-License-Identifier: MIT */
/* udp_relay: the first relay of a datagram, and the headers that the further ones need. */
#ifndef CORE_PROTO_UDP_RELAY_H
#define CORE_PROTO_UDP_RELAY_H

#include <stdbool.h>

#include "core/base/endpoint.h"

enum { UDP_RELAY_FRONT = 512 };

/* Filled in by udp_relay_through(). With one hop `front` is empty, and a datagram begins with the header for its destination. */
struct udp_relay {
	struct endpoint at; /* as the application's socket must address it */
	uint16_t front_len; /* the headers for further relays, outermost first */
	uint8_t front[UDP_RELAY_FRONT];
};

/* Combine the relays `hops`, in order, for a socket of `family`. Returns 0, ERR_PROXY_ADDRESS if the socket cannot reach the first, or
 * ERR_TOO_LONG. */
int udp_relay_through(struct udp_relay *, const struct addr *hops, size_t n, int family);

/* Read the headers of a datagram of `n` bytes. Returns their length, with the sender of the rest in `from`; -1 to drop the datagram,
 * because it is garbled, a fragment, or did not come through the relays in order. */
int udp_relay_open(const struct udp_relay *, const uint8_t *at, size_t n, struct addr *from);

#endif
