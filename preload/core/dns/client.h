/* SPDX-License-Identifier: MIT */
/* client: asks a DNS server over TCP, along the route to it; and the last proxy itself (tor.h) if that takes us in but not to the server. */
#ifndef CORE_DNS_CLIENT_H
#define CORE_DNS_CLIENT_H

#include "core/dial/job.h"
#include "core/dns/exchange.h"
#include "core/route/decide.h"

/* Its fields up to `owner` are the caller's to set. */
struct dns_client {
	struct dns_exchange exchange; /* has the queries, one at least; then their answers */
	struct addr server; /* to be asked, directly; without a kind: the configured server, by the route that is decided for it */
	void (*end)(struct dns_client *, int rc); /* dns_client_start() */
	void *owner;
	struct dial_job dialling;
};

/* A client without queries; NULL when there is no memory. Any thread. */
struct dns_client *dns_client_new(void);
void dns_client_free(struct dns_client *);

/* Ask in this thread, and wait. Returns 0 when all answers are there, or a negative err, of which the log has heard. Any thread; not to be
 * cancelled, not ended by signals. */
int dns_client_run(struct dns_client *, const struct app *);

/* Let the engine ask, and call end(client, rc) there with what dns_client_run() would return. Any thread; a forked child never hears of it. */
void dns_client_start(struct dns_client *, const struct app *);

#endif
