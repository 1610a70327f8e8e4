/* SPDX-License-Identifier: MIT */
/* peer: somebody that a datagram socket sends to, as the application calls it and as the relay does. Pure, under the socket's
 * lock. */
#ifndef UDP_PEER_H
#define UDP_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <time.h>

#include "conf/config.h"
#include "core/base/endpoint.h"
#include "core/proto/udp_header.h"

enum { PEERS = 64, PEER_GROUPS = 4 };

/* A relay answers from an address, even when it was given a name. So that the answer can be told to come from that name, no two names with
 * the same port share an association: they are in different groups. Group 0 is for addresses. */
struct peer {
	struct endpoint as;        /* what the application calls it */
	const struct route *route; /* NULL: no peer */
	uint8_t group;
	bool named, answered; /* by a name; that name's `answer` is known */
	uint16_t port;
	uint16_t header_len;
	uint8_t header[UDP_HEADER_MAX]; /* for the relay */
	union {
		struct endpoint real; /* when direct, and named: where it really is */
		struct addr answer;   /* otherwise: where the relay found it */
	};
	time_t used;
};

struct peers {
	unsigned n;      /* of them in use */
	unsigned latest; /* where to look first */
	struct peer of[PEERS];
};

/* The peer that the application calls so, if it was met recently; NULL if not. */
struct peer *peers_find(struct peers *, const struct endpoint *as);

/* Meet one: `to` is where it is, a placeholder already turned back into its name. The longest unused makes room for it. */
struct peer *peers_add(struct peers *, const struct endpoint *as, const struct addr *to, const struct route *);

/* Whose answer it is that came along `via`, in that group, from `from`; NULL if nobody's that is known. */
struct peer *peers_answering(struct peers *, const struct route *, unsigned group, const struct addr *from);

#endif
