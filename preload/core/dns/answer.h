/* SPDX-License-Identifier: MIT */
/* answer: answers to DNS queries from what is known here, in place of a DNS server. Nothing is sent, nothing waits. Any thread, forked children. */
#ifndef CORE_DNS_ANSWER_H
#define CORE_DNS_ANSWER_H

#include "core/base/buf.h"
#include "core/route/decide.h"

enum { DNS_ASK_SERVER = 1 };

/* True if a query to one of the system's servers asks for every record of a name for which placeholders stand. dns_answer() says
 * DNS_ASK_SERVER of it; dns_write_any() appends the placeholders and then what that server answered, if anything. */
bool dns_is_any(const struct app *, struct slice query);
void dns_write_any(struct slice query, struct slice server, struct buf *out);

/* Answer a query to a server behind a chain: addresses of names from the map, names of placeholders, nothing for HTTPS and SVCB, whose answers
 * would lead around the map. `chosen`: the user chose the server, so answer only what no server may hear of. Returns 0 with the answer
 * appended to `out` (it fits in DNS_UDP_LEAST); DNS_ASK_SERVER if a server has to say; -EINVAL if the message is no query, and deserves no
 * answer. */
int dns_answer(const struct app *, bool chosen, const uint8_t *query, size_t n, struct buf *out);

/* True if a query is about a name or an address that goes directly: a server that also does must then answer, as without us. */
bool dns_is_direct(const struct app *, const uint8_t *query, size_t n);

/* Make the rule for the name in such a query hold for the addresses in the answer. */
void dns_learn(struct slice query, struct slice answer);

/* Append an answer that says SERVFAIL; nothing if the message is no query. */
void dns_fail(const uint8_t *query, size_t n, struct buf *out);

/* Shorten an answer to what the asker of `query` takes by UDP, and mark it as truncated, so that the asker tries TCP. */
void dns_fit_udp(const uint8_t *query, size_t n, struct buf *answer);

#endif
