/* SPDX-License-Identifier: MIT */
/* relays: the UDP relays of a chain, and the connection to each of its hops that keeps the hop's relay open. */
#ifndef CORE_DIAL_RELAYS_H
#define CORE_DIAL_RELAYS_H

#include <stdatomic.h>

#include "core/dial/wait.h"
#include "core/proto/udp_relay.h"

enum { RELAYS_MAX = DIAL_TOGETHER };

struct relays {
	size_t n;      /* hops, and so connections; dialled all at once */
	size_t left;   /* those that the engine has not finished */
	atomic_int rc; /* the first failure */
	void (*done)(struct relays *, void *arg);
	void *arg;
	struct dial_job of[]; /* `n`; each along the chain as far as its hop */
};

/* Begin a dial to each hop of a chain. Returns NULL, with the reason in `rc`, if that cannot be. */
struct relays *relays_new(const struct config *, const struct route *, int *rc);
void relays_free(struct relays *);

/* Wait in this thread until all stand. Returns 0 or a negative err; -EINTR: a signal handler ran that asks not to be restarted. */
int relays_wait(struct relays *);

/* Let the engine dial and then call done(relays, arg); the relays are the caller's again, and `rc` says how it went. In a forked child nobody dials:
 * there they are the caller's at once. */
void relays_start(struct relays *, void (*done)(struct relays *, void *), void *arg);

/* Nobody waits for the relays any more: each dial ends at its next step. From any thread. */
void relays_abandon(struct relays *);

/* Once done: put the relays together into one, for a socket of `family`; and take the connections, which are the caller's from now on. */
int relays_chained(const struct relays *, struct udp_relay *, int family);
void relays_take(struct relays *, int *fds);

/* Wait in this thread, to see whether the last of the first `hops` proxies of a chain relays datagrams, and where. Returns 0 or a negative err. */
int relays_try(const struct config *, const struct route *, size_t hops, struct addr *relay);

#endif
