/* SPDX-License-Identifier: MIT */
/* association: what carries a socket's datagrams along one chain: the relay, and the connections that keep it open. The socket's lock
 * guards everything but association_await(). */
#ifndef UDP_ASSOCIATION_H
#define UDP_ASSOCIATION_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/dial/relays.h"
#include "core/proto/udp_relay.h"
#include "udp/queue.h"

enum association_state { ASSOCIATION_NONE, ASSOCIATION_MAKING, ASSOCIATION_READY };

/* One of the associations of a struct udp. */
struct association {
	const struct route *route; /* NULL if unused */
	unsigned group;            /* peer.h */
	atomic_uint state;         /* enum association_state; a futex */
	int rc;                    /* why setting it up failed, */
	int64_t failed;            /* and when */
	int64_t checked;           /* when its connections were last seen open */
	struct udp_relay relay;    /* when ready */
	int controls[RELAYS_MAX];
	size_t n_controls;
	struct udp_queue *queue; /* while it is being set up */
	struct relays *relays;   /* while it is being set up */
};

/* Returns 0 if setting it up may be tried; else why not: that has just failed, or the proxy is known not to carry UDP. */
int association_barred(const struct association *);

/* The caller sets it up from now on. */
void association_begun(struct association *);

/* Setting it up has ended: on success it takes over what `m` holds, for a socket of `family`. Returns 0 or a negative err. */
int association_ended(struct association *, struct relays *m, int rc, int family);

/* End it, because its socket is closed or its relay dead. */
void association_drop(struct association *);

/* The same, because the program has closed its socket: what was sent last still has to arrive. */
void association_retire(struct association *);

/* End it if one of its connections has ended. Looks only every few milliseconds, unless `now`. */
void association_check(struct association *, bool now);

/* Wait while another thread sets it up. Returns 0 or -EINTR. */
int association_await(struct association *);

/* The same for a process that ends, until `until` (monotonic, ns) at most. */
void association_await_until(struct association *, int64_t until);

/* In a child after fork: end what other threads were setting up. */
void association_forked(struct association *);

#endif
