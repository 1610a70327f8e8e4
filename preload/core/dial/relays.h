/* SPDX-License-Identifier: MIT */
/* relays: the UDP relays of a path, and the connection to each of its hops that keeps the hop's relay open. If one of them fails, all go
 * along another path. */
#ifndef CORE_DIAL_RELAYS_H
#define CORE_DIAL_RELAYS_H

#include <stdatomic.h>

#include "core/dial/wait.h"
#include "core/proto/udp_relay.h"
#include "core/route/decide.h"

enum { RELAYS_MAX = DIAL_TOGETHER };

struct relays {
	const struct app *app;
	const struct route *route;
	struct path path;     /* all go along this one */
	size_t size;          /* of this struct, with room for the longest path */
	int64_t deadline;     /* monotonic ns */
	size_t n;             /* how many hops, and so connections, all dialled at once */
	size_t left;          /* how many the engine has not finished */
	atomic_int rc;        /* the first failure, */
	struct setback worst; /* what became of its path, */
	size_t failed;        /* and which job's it is */
	void (*done)(struct relays *, void *arg);
	void *arg;
	struct dial_job of[]; /* `n` jobs, each along the chain as far as its hop */
};

/* Begin a dial to each hop of a chain. Returns NULL, with the reason in `rc`, if that is impossible. */
struct relays *relays_new(const struct app *, const struct route *, int *rc);
void relays_free(struct relays *);

/* Wait in this thread until all stand. Returns 0 or a negative err, -EINTR after a signal handler without SA_RESTART. */
int relays_wait(struct relays *);

/* Let the engine dial and then call done(relays, arg): the relays belong to the caller again, and `rc` is the result. In a forked child
 * nobody dials, and they belong to the caller at once. */
void relays_start(struct relays *, void (*done)(struct relays *, void *), void *arg);

/* Nobody waits for the relays any more: each dial ends at its next step. From any thread. */
void relays_abandon(struct relays *);

/* Once done: combine the relays into one, for a socket of `family`; and take the connections, which then belong to the caller. */
int relays_chained(const struct relays *, struct udp_relay *, int family);
void relays_take(struct relays *, int *fds);

/* Find out, waiting in this thread, whether and where the last of the first `hops` proxies of a chain relays datagrams. Returns 0 or a
 * negative err; with ERR_PROXY_RELAY, too, `relay` is what the proxy named. */
int relays_try(const struct app *, const struct route *, size_t hops, struct addr *relay);

#endif
