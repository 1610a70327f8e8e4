/* SPDX-License-Identifier: MIT */
/* association: what carries a socket's datagrams along one chain: its relay, and the connections that keep it open.
 * All of it under the socket's lock, but for association_await(). */
#ifndef UDP_ASSOCIATION_H
#define UDP_ASSOCIATION_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/dial/relays.h"
#include "core/proto/udp_relay.h"
#include "udp/queue.h"

enum association_state { ASSOCIATION_NONE, ASSOCIATION_MAKING, ASSOCIATION_READY };

/* The socket's lock guards it. */
struct association {
	const struct route *route; /* NULL: unused */
	unsigned group;            /* peer.h */
	atomic_uint state;         /* enum association_state; a futex */
	int rc;                    /* why there is none, */
	int64_t failed;            /* and since when */
	int64_t checked;           /* when it was last seen to stand */
	struct udp_relay relay;    /* when ready */
	int controls[RELAYS_MAX];
	size_t n_controls;
	struct udp_queue *queue; /* while it is being made */
	struct relays *making;   /* while it is being made */
};

/* Why it need not be tried now: it has just failed, or its proxy is known not to carry UDP. 0 if it may be. */
int association_barred(const struct association *);

/* It is being made now, by the caller. */
void association_begun(struct association *);

/* How that ended: ready with what `m` has made, or not. For a socket of `family`. 0 or a negative err. */
int association_ended(struct association *, struct relays *m, int rc, int family);

/* Make it none, as its socket is closed or its relay dead. */
void association_drop(struct association *);

/* Drop it if one of its connections has ended; looked at every few milliseconds at most, unless `now`. */
void association_check(struct association *, bool now);

/* Wait while it is being made by somebody else. 0 or -EINTR. */
int association_await(struct association *);

/* In a child after fork: what others were making is lost. */
void association_forked(struct association *);

#endif
