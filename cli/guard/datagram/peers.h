/* SPDX-License-Identifier: MIT */
/* peers: all those with whom one of the command's sockets speaks by the same relays; each is a socket of ours. For the engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_PEERS_H
#define CLI_GUARD_DATAGRAM_PEERS_H

#include "cli/guard/datagram/near.h"
#include "core/base/addr.h"

struct peer {
	int near;
	struct endpoint to; /* in the command's words */
	struct addr target;
	struct peer *next, *prev;
};

/* Begins as {.stranger.fd = -1}. */
struct peers {
	struct peer *list; /* the newest is the last */
	size_t n;
	struct near_face stranger; /* the last who has sent without being asked */
};

/* Add one, by its socket, which is closed if there is no memory: then NULL is returned. */
struct peer *peers_add(struct peers *, int near, const struct endpoint *to, const struct addr *target);

void peers_drop(struct peers *, struct peer *);
void peers_keep(struct peers *, const struct endpoint *to); /* drop all others */
void peers_close(struct peers *);

/* Returns the one that the command calls so, or NULL. */
struct peer *peers_find(const struct peers *, const struct endpoint *to);

/* Returns the one who sends as `from`, by the relay's account, or NULL. Of peers that we know by name only the port tells, and if there is one alone,
 * whatever a relay says is its. */
struct peer *peers_from(const struct peers *, const struct addr *from);

/* Returns the stranger's socket, which the caller takes over, if that is whom the command calls so; else -1. */
int peers_take_stranger(struct peers *, const struct endpoint *to);

/* True if whoever is at `target`, which the command calls `to`, is reached by the same relays: they are of the same name, or all have addresses; and so
 * is a stranger that has sent by these. */
bool peers_go_with(const struct peers *, const struct addr *target, const struct endpoint *to);

#endif
