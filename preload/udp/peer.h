/* SPDX-License-Identifier: MIT */
/* peer: a destination of a datagram socket, as the application calls it and as the relay does. Pure; call under the socket's lock. */
#ifndef UDP_PEER_H
#define UDP_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <time.h>

#include "conf/config.h"
#include "core/base/endpoint.h"
#include "core/proto/udp_header.h"

enum { PEERS = 64, PEER_GROUPS = 4 };

/* A relay answers from an address even if it was given a name. To tell which name an answer comes from, names with the same port use
 * different associations, one for each group. Group 0 is for addresses. */
struct peer {
	struct endpoint as;        /* what the application calls it */
	const struct route *route; /* NULL if unused */
	uint8_t group;
	bool named, answered; /* `to` was a name; `answer` is known */
	bool journaled;       /* the journal has its first datagram */
	uint16_t port;
	uint16_t header_len;
	uint8_t header[UDP_HEADER_MAX]; /* the relay's header for it */
	union {
		struct endpoint real; /* if direct and named: its address */
		struct addr answer;   /* otherwise: the address from which the relay's answers come */
	};
	time_t used;
};

struct peers {
	unsigned n;      /* how many are in use */
	unsigned latest; /* where to look first */
	struct peer of[PEERS];
};

/* Returns the peer that the application calls `as` if that was used recently; else NULL. */
struct peer *peers_find(struct peers *, const struct endpoint *as);

/* Add a peer at `to`, a placeholder already replaced by its name. The least recently used one makes room. */
struct peer *peers_add(struct peers *, const struct endpoint *as, const struct addr *to, const struct route *);

/* Returns the peer whose answer came along the route, in that group, from `from`; NULL if we know none. */
struct peer *peers_answering(struct peers *, const struct route *, unsigned group, const struct addr *from);

#endif
