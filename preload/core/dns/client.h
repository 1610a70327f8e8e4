/* SPDX-License-Identifier: MIT */
/* client: ask a DNS server over TCP, along the route to it; or, in place of the configured one, the last proxy itself (tor.h) if that accepts
 * us but cannot reach the server. */
#ifndef CORE_DNS_CLIENT_H
#define CORE_DNS_CLIENT_H

#include "core/dial/job.h"
#include "core/dns/exchange.h"
#include "core/route/decide.h"

/* The caller sets the fields up to `owner`. */
struct dns_client {
	struct dns_exchange exchange; /* at least one query; then the answers */
	const struct route *route;    /* to `server`; NULL: the configured server is asked, by the route decided for it */
	struct addr server;
	void (*end)(struct dns_client *, int rc); /* dns_client_start() */
	void *owner;
	struct dial_job dialling;
};

/* Returns a client without queries; NULL if there is no memory. Any thread. */
struct dns_client *dns_client_new(void);
void dns_client_free(struct dns_client *);

/* Ask, and wait in this thread. Returns 0 when all answers are there, or a negative err after logging it. Any thread; signals
 * do not end it. A thread that is cancelled, or out of which a handler jumps, frees the client. */
int dns_client_run(struct dns_client *, const struct app *);

/* Let the engine ask, and call end(client, rc) there with what dns_client_run() would return. Any thread; a forked child never hears of it. */
void dns_client_start(struct dns_client *, const struct app *);

#endif
