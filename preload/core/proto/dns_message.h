/* SPDX-License-Identifier: MIT */
/* dns_message: DNS queries and answers, read and written (RFC 1035, 4). */
#ifndef CORE_PROTO_DNS_MESSAGE_H
#define CORE_PROTO_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/buf.h"

enum { DNS_A = 1, DNS_CNAME = 5, DNS_PTR = 12, DNS_AAAA = 28, DNS_OPT = 41, DNS_SVCB = 64, DNS_HTTPS = 65, DNS_ANY = 255 };
enum { DNS_IN = 1 };
enum { DNS_NOERROR, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP, DNS_REFUSED };
enum { DNS_MESSAGE_MAX = 65535, DNS_UDP_LEAST = 512, DNS_HEADER = 12, DNS_ADDRESSES = 8 };

struct dns_query {
	const uint8_t *at; /* the message, used again as far as `question_end` */
	size_t question_end;
	uint16_t id, type, class;
	unsigned opcode;
	bool edns;                    /* it has an OPT record (RFC 6891) */
	size_t udp_room;              /* the longest answer that the asker takes by UDP */
	char name[ADDR_NAME_MAX + 1]; /* without its trailing dot; "" for the root, and for a name that text cannot express */
};

/* Read a message with one question. Returns 0; DNS_FORMERR; or -1 if it is not a query at all and deserves no answer. */
int dns_read_query(struct dns_query *, const uint8_t *at, size_t n);

/* Append a query for `name`, whose trailing dot is optional, with recursion desired and EDNS. Returns false if it is no DNS name. */
bool dns_write_query(struct buf *, uint16_t id, const char *name, uint16_t type);

/* Append an answer: begin, add any number of records, end. If it does not fit, the buf says `overflow`. */
void dns_begin_answer(struct buf *, const struct dns_query *, unsigned rcode);
void dns_add_address(struct buf *, const struct addr *, uint32_t ttl);
void dns_add_pointer(struct buf *, const char *name, uint32_t ttl);
void dns_end_answer(struct buf *, const struct dns_query *);

/* Append the records of another answer to the same question, with `ipv4` and `ipv6` in place of the addresses in it, and nothing of its HTTPS and
 * SVCB records but their room; then those two if it has no such records. The buf must hold nothing but what dns_begin_answer() wrote. */
void dns_add_records(struct buf *, const struct dns_query *, struct slice other, const struct addr *ipv4, const struct addr *ipv6,
		     uint32_t ttl);

/* Append a whole answer without records; `truncated` makes the asker try TCP. A query whose question is unreadable gets the header alone. */
void dns_write_error(struct buf *, const struct dns_query *, unsigned rcode, bool truncated);

/* True if a message answers a query: its id is the same, and its question is the same or missing, as in some failures. */
bool dns_is_answer(const uint8_t *query, size_t n, const uint8_t *at, size_t size);

struct dns_answer {
	uint16_t id, type; /* `type` is the question's */
	unsigned rcode;
	int n;
	struct addr addresses[DNS_ADDRESSES]; /* the A or AAAA records, in order; port 0 */
	uint32_t ttl;                         /* the shortest, in seconds */
	char canonical[ADDR_NAME_MAX + 1];    /* the name that owns the addresses */
};

/* Read an answer to a question for addresses, and ignore what it says about other names. Returns false if it is no such answer. */
bool dns_read_answer(struct dns_answer *, const uint8_t *at, size_t n);

/* Call `take` with each name in an answer to a question for PTR records. Returns its rcode, or -1 if it is no such answer. */
int dns_read_pointers(const uint8_t *at, size_t n, void (*take)(void *arg, const char *name), void *arg);

#endif
