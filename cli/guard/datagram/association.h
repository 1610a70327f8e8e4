/* SPDX-License-Identifier: MIT */
/* association: the relays of a chain by which one of the command's UDP sockets speaks with its peers: headers are put on and taken off here. For the
 * engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_ASSOCIATION_H
#define CLI_GUARD_DATAGRAM_ASSOCIATION_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"
#include "core/route/decide.h"

struct association;

/* Whom a socket wants to speak with. */
struct association_peer {
	const struct guest_socket *socket;
	const struct app *app;
	const struct route *route; /* a chain */
	const struct addr *target;
	struct endpoint to; /* the target in the command's own words */
};

/* Begin one with its first peer, by `near`, which is closed if that is impossible; `own`: the socket as that sees it. It ends by itself when the command
 * has closed the socket, or its relays end. Relays are made once something comes. Returns NULL if there is no memory. */
struct association *association_begin(const struct association_peer *, int near, const struct endpoint *own, bool mirrored);

/* Returns the socket's that leads to that peer, or could, or NULL. */
struct association *association_find(const struct association_peer *);

/* True if that is a peer. */
bool association_has(const struct association *, const struct endpoint *to);

/* Let it be a peer as well. Our socket that is the peer is had of be(); or it is there, since the peer has sent of itself. Returns 0 or -errno. */
int association_add(struct association *, const struct association_peer *, int (*be)(const struct association_peer *));

/* The socket is connected: it has no other peer any more, and hears nobody else. */
void association_narrow(struct association *, const struct endpoint *to);

/* True if the relays stand, or are being made. */
bool association_is_under_way(const struct association *);

/* Have relays made, and made(arg, rc) called then, with 0 or a negative err, which ends the association. Returns 0 or a negative err with which that
 * has ended at once. */
int association_make(struct association *, void (*made)(void *arg, int rc), void *arg);

/* End all of the socket's but this (NULL: all): a connected one hears ECONNREFUSED when it sends, as if its peer were gone. */
void associations_drop(const struct guest_socket *, const struct association *but);

/* Nobody is left who could send: what has been sent goes out, and every association ends. */
void associations_finish(void);

#endif
