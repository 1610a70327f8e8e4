/* making: the control connections of an association while they are being made, all at once. */
#ifndef CORE_DIAL_MAKING_H
#define CORE_DIAL_MAKING_H

#include <stdatomic.h>

#include "core/dial/control.h"
#include "core/proto/udp_relay.h"

enum { MAKING_HOPS = 16 };

struct making {
	size_t n;    /* hops, and so control connections */
	size_t left; /* those that the engine has not finished */
	atomic_int rc; /* the first failure */
	void (*done)(struct making *, void *arg); /* on the engine's thread */
	void *arg;
	struct control controls[]; /* `n` of them */
};

/* Memory for the hops of a chain, each one's dial begun; NULL with a reason in `rc`. */
struct making *making_new(const struct config *, const struct route *, int *rc);
void making_free(struct making *);

/* Wait here until all stand. 0 or a negative err; -EINTR: a signal handler ran that asks not to be restarted. */
int making_wait(struct making *);

/* Let the engine do it and call done(making, arg); the making is then the caller's again, and `rc` says how it went. */
void making_start(struct making *, void (*done)(struct making *, void *), void *arg);

/* Nobody waits for it any more: it ends at its next step. From any thread. */
void making_abandon(struct making *);

/* Once done: the relay of each hop as one, for a socket of `family`; and the connections, which are the caller's from now on. */
int making_relay(const struct making *, struct udp_relay *, int family);
void making_take(struct making *, int *fds);

#endif
