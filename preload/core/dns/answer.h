/* answer: answers to DNS queries, in place of a DNS server. */
#ifndef CORE_DNS_ANSWER_H
#define CORE_DNS_ANSWER_H

#include "core/base/buf.h"
#include "core/route/decide.h"
#include "core/names/host.h"

enum { DNS_ASK_SERVER = 1 };

/* Answer a query from what is known here: addresses of names from the map, names of placeholders, nothing for HTTPS and SVCB, whose answers
 * would lead around the map. 0 and the answer is appended to `out`; DNS_ASK_SERVER if the server has to be asked; -EINVAL if the
 * message is no query. */
int dns_answer(const struct app *, const uint8_t *query, size_t n, struct buf *out);

/* Whether a query speaks of a name, or an address, that goes directly: then a server that does, too, is to answer it, as without us. */
bool dns_is_direct(const struct app *, const uint8_t *query, size_t n);

/* Make a rule for the name of such a query hold for the addresses in the answer. */
void dns_learn(struct slice query, struct slice answer);

/* Append an answer of failure. */
void dns_fail(const uint8_t *query, size_t n, struct buf *out);

/* Shorten an answer to what the asker of `query` takes by UDP. */
void dns_fit_udp(const uint8_t *query, size_t n, struct buf *answer);

/* Answer a query from here or from the server, in this thread; failure is an answer, too. 0, or -EINVAL if it is no query. */
int dns_ask(const struct app *, const uint8_t *query, size_t n, struct buf *out);

/* The addresses of a name by DNS over TCP: `family` AF_INET, AF_INET6, or AF_UNSPEC for both at once. 0 with `r` (which may be without any
 * address); or DNS_NXDOMAIN, DNS_SERVFAIL. What was learnt is remembered for as long as DNS says. */
int dns_lookup(const struct app *, const char *name, int family, struct host *r);

/* The name of an address, the same way: 0 with `r`, DNS_NXDOMAIN or DNS_SERVFAIL. */
int dns_lookup_name(const struct app *, const struct addr *address, struct host *r);

#endif
