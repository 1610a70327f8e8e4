/* SPDX-License-Identifier: MIT */
/* target: what a client's request leads to: the address or name to dial, and the route there. */
#ifndef CLI_SERVE_TARGET_H
#define CLI_SERVE_TARGET_H

#include <stdatomic.h>

#include "core/dial/engine.h"
#include "core/route/decide.h"

struct target {
	struct addr addr; /* what the client asked for; in the end, what to dial */
	const struct route *route;
	int rc;                       /* 0, or a negative err: there is no route */
	void (*end)(struct target *); /* the caller's: the rest is set */
	const struct app *app;        /* the rest is target_find()'s own */
	struct job job;
	atomic_bool found;
};

/* Find the route to `addr`, and call end(target): at once, or on the engine if a DNS server has to be asked first (dns = tcp, dns = system).
 * To be called on the engine. */
void target_find(struct target *, const struct app *);

#endif
