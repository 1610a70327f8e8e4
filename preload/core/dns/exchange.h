/* exchange: queries and their answers over one TCP connection, through the chain, to the configured DNS server (RFC 7766). */
#ifndef CORE_DNS_EXCHANGE_H
#define CORE_DNS_EXCHANGE_H

#include "core/dial/job.h"
#include "core/proto/dns_message.h"
#include "core/route/decide.h"

enum { DNS_PREFIX = 2 }; /* octets that tell a message's length (RFC 1035, 4.2.2) */

struct dns_exchange {
	struct dial_job dialling; /* the last proxy is asked instead of the server if that could not be (dns/tor.h) */
	int queries, answers;    /* sent together; complete so far */
	unsigned done;           /* a bit for each query that has its answer */
	struct addr server; /* if given, asked directly in place of the configured one */
	size_t out_len, sent;    /* bytes at `out` */
	size_t in_len, complete; /* bytes at `in`, and how many of them are whole answers */
	void (*end)(struct dns_exchange *, int rc);
	void *owner;
	uint8_t out[DNS_PREFIX + DNS_MESSAGE_MAX];
	uint8_t in[2 * (DNS_PREFIX + DNS_MESSAGE_MAX)];
};

/* An exchange without queries; NULL when there is no memory. */
struct dns_exchange *dns_exchange_new(void);
void dns_exchange_free(struct dns_exchange *);

/* Add a query, at most two; false if there is no room. */
bool dns_exchange_add(struct dns_exchange *, const uint8_t *query, size_t n);

/* Let the engine do it and call end(exchange, rc); `rc` is 0 when all answers are there, or a negative err, of which the log has heard. */
void dns_exchange_start(struct dns_exchange *, const struct app *, void (*end)(struct dns_exchange *, int rc), void *owner);

/* All of it, in this thread: 0 or a negative err. */
int dns_exchange_run(struct dns_exchange *, const struct app *);

/* The `i`th query; the `i`th answer to come in; empty if there is none. */
struct slice dns_exchange_query(const struct dns_exchange *, int i);
struct slice dns_exchange_answer(struct dns_exchange *, int i);

/* Add an answer that came another way. */
void dns_exchange_put(struct dns_exchange *, const uint8_t *answer, size_t n);

#endif
