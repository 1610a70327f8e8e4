/* SPDX-License-Identifier: MIT */
/* service: answer DNS queries from any source: from what is known here, by the configured server through the chain, or by the server that
 * the program means. */
#ifndef CORE_DNS_SERVICE_H
#define CORE_DNS_SERVICE_H

#include "core/base/buf.h"
#include "core/route/decide.h"

enum { DNS_LATER = 1 };

/* A query and its reply. The caller sets every field. */
struct dns_transaction {
	const struct app *app;     /* outlives the transaction; its configuration is not NULL */
	struct slice query;        /* must stay in place until the reply */
	const struct route *route; /* to `server`; NULL if the program means no particular one */
	struct addr server;        /* asked about direct names if it is direct; about all that a server may hear of if behind a chain */
	bool udp;                  /* the query came by UDP: goes on by UDP to a direct server, and the answer must fit */
	/* Called once; may free the transaction or begin another with it. `answer` is empty if the query came by UDP and `server` did not
	 * reply. */
	void (*reply)(struct dns_transaction *, struct slice answer);
	void *owner;
};

/* Serve a query, if only by an answer that reports failure. Returns 0 after the reply; DNS_LATER if the engine will reply, but not before
 * a job that called this has returned to the engine; or -EINVAL, without a reply, if the message is no query. Any thread; in a forked
 * child a later reply never comes. */
int dns_serve(struct dns_transaction *);

/* Serve a query, for a server behind a chain if `route` is not NULL, and wait in this thread. Returns 0 with the answer appended to `out`, or
 * -EINVAL. */
int dns_ask(const struct app *, const struct route *, const struct addr *server, const uint8_t *query, size_t n, struct buf *out);

#endif
