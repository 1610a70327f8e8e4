/* SPDX-License-Identifier: MIT */
/* answer: choose an answer by the type of record, and by who answers for the name in the question. */
#include "core/dns/answer.h"

#include <errno.h>
#include <string.h>

#include "core/base/scratch.h"
#include "core/names/origin.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "core/proto/dns_reverse.h"

enum { TTL = 30 }; /* seconds; half of what a placeholder lasts at least */

static int answer_empty(const struct dns_query *q, unsigned rcode, struct buf *out)
{
	dns_write_error(out, q, rcode, false);
	return 0;
}

static int answer_address(const struct dns_query *q, const struct addr *name, struct buf *out)
{
	const int family = q->type == DNS_AAAA ? AF_INET6 : AF_INET;
	struct addr address;

	/* There is no address for what no host can be called, nor for what looks like an address. */
	if (name->kind != ADDR_NAME)
		return answer_empty(q, DNS_NXDOMAIN, out);
	if (addr_is_loopback(name))
		address = addr_loopback(family, 0);
	else if (placeholder_put(name, family, &address))
		return answer_empty(q, DNS_SERVFAIL, out);
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_address(out, &address, TTL);
	dns_end_answer(out, q);
	return 0;
}

static int answer_pointer(const struct app *app, const struct dns_query *q, struct buf *out)
{
	struct addr address, name = {.kind = ADDR_NAME, .name = "localhost"};
	const enum name_verdict who = dns_reverse_address(&address, q->name) ? address_decide(app, &address) : NAME_BY_DNS;

	if (who != NAME_LOCAL && who != NAME_HERE)
		return DNS_ASK_SERVER;
	if (who == NAME_HERE && !placeholder_get(&address, &name))
		return answer_empty(q, DNS_NXDOMAIN, out);
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_pointer(out, name.name, TTL);
	dns_end_answer(out, q);
	return 0;
}

/* True for the family that is not preferred: programs that ask DNS themselves ask for both, each in a query. */
static bool is_unwanted(const struct app *app, unsigned type)
{
	return app->config->prefer == (type == DNS_A ? PREFER_IPV6 : PREFER_IPV4);
}

static int answer_name(const struct app *app, bool chosen, const struct dns_query *q, struct buf *out)
{
	struct addr name;

	addr_parse_host(&name, q->name, strlen(q->name)); /* if this fails, no host can have that name */
	const enum name_verdict who = chosen ? name_decide_asked(&name) : name_decide_proxied(app, &name);
	const bool here = who == NAME_HERE || who == NAME_LOCAL;

	if (who == NAME_NOWHERE)
		return answer_empty(q, DNS_NXDOMAIN, out);
	switch (q->type) {
	case DNS_ANY:
		return who == NAME_LOCAL || addr_is_onion(&name) ? answer_address(q, &name, out) : DNS_ASK_SERVER;
	case DNS_A:
	case DNS_AAAA:
		if (who == NAME_HERE && !chosen && is_unwanted(app, q->type))
			return answer_empty(q, DNS_NOERROR, out);
		return here ? answer_address(q, &name, out) : DNS_ASK_SERVER;
	case DNS_HTTPS:
	case DNS_SVCB:
		return here ? answer_empty(q, DNS_NOERROR, out) : DNS_ASK_SERVER;
	default:
		return addr_is_onion(&name) ? answer_empty(q, DNS_NOERROR, out) : DNS_ASK_SERVER;
	}
}

int dns_answer(const struct app *app, bool chosen, const uint8_t *query, size_t n, struct buf *out)
{
	struct dns_query q;
	const int rc = dns_read_query(&q, query, n);

	if (rc < 0)
		return -EINVAL;
	if (rc > 0)
		return answer_empty(&q, DNS_FORMERR, out);
	if (q.opcode != 0)
		return answer_empty(&q, DNS_NOTIMP, out);
	if (q.class != DNS_IN) /* CH: a question about the server */
		return DNS_ASK_SERVER;
	return q.type == DNS_PTR ? answer_pointer(app, &q, out) : answer_name(app, chosen, &q, out);
}

bool dns_is_any(const struct app *app, struct slice query)
{
	struct dns_query q;
	struct addr name;

	return dns_read_query(&q, query.at, query.len) == 0 && q.type == DNS_ANY && q.class == DNS_IN &&
	       addr_parse_host(&name, q.name, strlen(q.name)) && name.kind == ADDR_NAME && name_decide_proxied(app, &name) == NAME_HERE;
}

void dns_write_any(struct slice query, struct slice server, struct buf *out)
{
	SCRATCH(room);
	struct {
		struct addr name, ipv4, ipv6;
	} *const a = scratch_take(&room, sizeof(*a));
	struct dns_query q;

	if (!a || dns_read_query(&q, query.at, query.len) || !addr_parse_host(&a->name, q.name, strlen(q.name)))
		return;
	if (placeholder_put(&a->name, AF_INET, &a->ipv4) || placeholder_put(&a->name, AF_INET6, &a->ipv6)) {
		dns_write_error(out, &q, DNS_SERVFAIL, false);
		return;
	}
	dns_begin_answer(out, &q, DNS_NOERROR);
	dns_add_records(out, &q, server, &a->ipv4, &a->ipv6, TTL);
	dns_end_answer(out, &q);
}

bool dns_is_direct(const struct app *app, const uint8_t *query, size_t n)
{
	struct dns_query q;
	struct addr a;

	if (dns_read_query(&q, query, n))
		return false;
	if (q.type == DNS_PTR && dns_reverse_address(&a, q.name))
		return address_decide(app, &a) == NAME_DIRECT;
	if (!addr_parse_host(&a, q.name, strlen(q.name)) || a.kind != ADDR_NAME)
		return app->config->chain->kind == ROUTE_DIRECT;
	return name_decide(app, &a) == NAME_DIRECT;
}

void dns_learn(struct slice query, struct slice answer)
{
	SCRATCH(room);
	struct dns_answer *const a = scratch_take(&room, sizeof(*a));
	struct dns_query q;
	struct addr name;

	if (!a || dns_read_query(&q, query.at, query.len) || !dns_read_answer(a, answer.at, answer.len) ||
	    !addr_parse_host(&name, q.name, strlen(q.name)))
		return;
	for (int i = 0; i < a->n; i++)
		origin_put(&name, &a->addresses[i]);
}

void dns_fail(const uint8_t *query, size_t n, struct buf *out)
{
	struct dns_query q;

	if (dns_read_query(&q, query, n) >= 0)
		dns_write_error(out, &q, DNS_SERVFAIL, false);
}

void dns_fit_udp(const uint8_t *query, size_t n, struct buf *answer)
{
	struct dns_query q;

	if (dns_read_query(&q, query, n) || answer->len <= q.udp_room)
		return;
	answer->len = 0;
	dns_write_error(answer, &q, DNS_NOERROR, true);
}
