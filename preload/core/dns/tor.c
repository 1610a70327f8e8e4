/* SPDX-License-Identifier: MIT */
/* tor: turn a query into a command and its target, and the proxy's answer into a DNS answer. */
#include "core/dns/tor.h"

#include <string.h>

#include "core/base/scratch.h"
#include "core/proto/dns_reverse.h"

enum {
	TTL = 60,          /* seconds; the proxy gives none */
	ANSWER_MAX = 1024, /* two names, and little else */
};

static bool read_query(const struct dns_exchange *x, int i, struct dns_query *q)
{
	const struct slice query = dns_exchange_query(x, i);

	return dns_read_query(q, query.at, query.len) == 0 && q->opcode == 0 && q->class == DNS_IN;
}

bool dns_tor_request(const struct dns_exchange *x, struct request *r)
{
	struct dns_query q;

	if (!x->queries || !read_query(x, 0, &q))
		return false;
	switch (q.type) {
	case DNS_A:
	case DNS_AAAA:
		r->command = COMMAND_RESOLVE;
		return addr_parse_host(&r->target, q.name, strlen(q.name)) && r->target.kind == ADDR_NAME;
	case DNS_PTR:
		r->command = COMMAND_RESOLVE_PTR;
		return dns_reverse_address(&r->target, q.name);
	default:
		return false;
	}
}

static void write_answer(struct buf *out, const struct dns_query *q, const struct addr *found)
{
	const int wanted = q->type == DNS_PTR ? ADDR_NAME : q->type == DNS_AAAA ? ADDR_IPV6 : ADDR_IPV4;

	dns_begin_answer(out, q, DNS_NOERROR);
	if (found->kind == wanted && wanted == ADDR_NAME)
		dns_add_pointer(out, found->name, TTL);
	else if (found->kind == wanted)
		dns_add_address(out, found, TTL);
	dns_end_answer(out, q);
}

void dns_tor_answer(struct dns_exchange *x, const struct addr *found)
{
	SCRATCH(room);
	uint8_t *const bytes = scratch_take(&room, ANSWER_MAX);

	for (int i = 0; bytes && i < x->queries; i++) {
		struct buf answer = {.at = bytes, .size = ANSWER_MAX};
		struct dns_query q;
		if (!read_query(x, i, &q))
			continue;
		write_answer(&answer, &q, found);
		dns_exchange_put(x, answer.at, answer.len);
	}
}
