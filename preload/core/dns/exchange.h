/* SPDX-License-Identifier: MIT */
/* exchange: queries and their answers, as one TCP connection to a DNS server carries them (RFC 7766). It does no I/O: the owner of the
 * connection sends what is unsent, and fills what is unread. */
#ifndef CORE_DNS_EXCHANGE_H
#define CORE_DNS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/proto/dns_message.h"

enum { DNS_PREFIX = 2, DNS_QUERIES = 2 }; /* octets that tell a message's length (RFC 1035, 4.2.2); queries sent together, at most */

/* Begins zeroed, without queries. Large: not for a stack. */
struct dns_exchange {
	int queries, answers;       /* added; complete so far */
	size_t answer[DNS_QUERIES]; /* where in `in` the answer to each query begins; 0: it has not come */
	size_t out_len, sent;       /* bytes of `out` */
	size_t in_len, complete;    /* bytes of `in`, and how many of them are whole answers */
	uint8_t out[DNS_PREFIX + DNS_MESSAGE_MAX];
	uint8_t in[DNS_QUERIES * (DNS_PREFIX + DNS_MESSAGE_MAX)];
};

/* Add a query. Returns false if there is no room for it. */
bool dns_exchange_add(struct dns_exchange *, const uint8_t *query, size_t n);

/* Begin again on a new connection: nothing is sent, nothing is answered. */
void dns_exchange_restart(struct dns_exchange *);

/* Returns the bytes to send next; report that `n` of them were sent. */
struct slice dns_exchange_unsent(const struct dns_exchange *);
void dns_exchange_sent(struct dns_exchange *, size_t n);

/* Returns the room for received bytes, never empty before all is answered; report that `n` were put there. Drops messages that answer
 * none of the queries. */
struct slice dns_exchange_unread(struct dns_exchange *);
void dns_exchange_received(struct dns_exchange *, size_t n);

/* True once each query has its answer. */
bool dns_exchange_done(const struct dns_exchange *);

/* Returns the `i`th query; the answer to it, empty if there is none. */
struct slice dns_exchange_query(const struct dns_exchange *, int i);
struct slice dns_exchange_answer(const struct dns_exchange *, int i);

/* Take an answer that came by other means. */
void dns_exchange_put(struct dns_exchange *, const uint8_t *answer, size_t n);

/* Returns the length of a message and its prefix, from the prefix. */
static inline size_t dns_prefixed_size(const uint8_t prefix[DNS_PREFIX])
{
	return DNS_PREFIX + ((size_t)prefix[0] << 8 | prefix[1]);
}

#endif
