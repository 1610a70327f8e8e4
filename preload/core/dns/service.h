/* SPDX-License-Identifier: MIT */
/* service: answers DNS queries, whoever asks and by whatever way they come: from here, by the configured server through the chain, or by the
 * server that the program means. */
#ifndef CORE_DNS_SERVICE_H
#define CORE_DNS_SERVICE_H

#include "core/base/buf.h"
#include "core/route/decide.h"

enum { DNS_LATER = 1 };

/* A query and what becomes of it. Whoever waits for the answer sets all of this. */
struct dns_transaction {
	const struct app *app; /* outlives the transaction; its configuration is not NULL */
	struct slice query;    /* stays where it is until the reply */
	struct addr server;    /* that the program means, if it goes directly: names that do are asked of it. Without a kind: none */
	bool udp;              /* the query came by UDP: goes on by UDP to `server`, and the answer has to fit */
	/* Called once; it may free the transaction, or begin another with it. `answer` is empty if `server` was asked by UDP and said nothing. */
	void (*reply)(struct dns_transaction *, struct slice answer);
	void *owner;
};

/* Serve a query; failure is an answer, too. Returns 0 when it has replied; DNS_LATER if the engine will, but not before a job that called this has
 * returned to it; or -EINVAL, without a reply, if the message is no query. Any thread; a forked child never hears of what is to come later. */
int dns_serve(struct dns_transaction *);

/* Serve a query that was meant for no certain server, in this thread, which waits. Returns 0 with the answer appended to `out`, or -EINVAL. */
int dns_ask(const struct app *, const uint8_t *query, size_t n, struct buf *out);

#endif
