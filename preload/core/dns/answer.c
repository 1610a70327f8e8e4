/* answer: answers to DNS queries, in place of a DNS server. */
#include "core/dns/answer.h"

#include <errno.h>
#include <string.h>

#include "core/names/origin.h"
#include "core/dns/exchange.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_reverse.h"

enum { TTL = 30 }; /* seconds; half of what a placeholder lasts at least */

static void answer_address(const struct dns_query *q, struct buf *out)
{
	struct addr name, address;

	/* What no host can be called has no address, and neither have look-alikes of addresses. */
	if (!addr_parse_host(&name, q->name, strlen(q->name)) || name.kind != ADDR_NAME) {
		dns_write_error(out, q, DNS_NXDOMAIN, false);
		return;
	}
	if (addr_is_loopback(&name))
		address = q->type == DNS_AAAA ? (struct addr){.kind = ADDR_IPV6, .ip = {[15] = 1}}
					      : (struct addr){.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}};
	else if (placeholder_put(&name, q->type == DNS_AAAA ? AF_INET6 : AF_INET, &address)) {
		dns_write_error(out, q, DNS_SERVFAIL, false);
		return;
	}
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_address(out, &address, TTL);
	dns_end_answer(out, q);
}

static int answer_pointer(const struct dns_query *q, struct buf *out)
{
	struct addr address, name;

	if (!dns_reverse_address(&address, q->name))
		return DNS_ASK_SERVER;
	if (addr_is_loopback(&address))
		name = (struct addr){.kind = ADDR_NAME, .name = "localhost"};
	else if (!placeholder_covers(&address))
		return DNS_ASK_SERVER;
	else if (!placeholder_get(&address, &name)) {
		dns_write_error(out, q, DNS_NXDOMAIN, false);
		return 0;
	}
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_pointer(out, name.name, TTL);
	dns_end_answer(out, q);
	return 0;
}

static bool is_onion(const char *text)
{
	struct addr name;

	return addr_parse_host(&name, text, strlen(text)) && addr_is_onion(&name);
}

int dns_answer(const struct config *c, const uint8_t *query, size_t n, struct buf *out)
{
	struct dns_query q;
	const int rc = dns_read_query(&q, query, n);

	if (rc < 0)
		return -EINVAL;
	if (rc > 0 || q.opcode != 0) {
		dns_write_error(out, &q, rc > 0 ? DNS_FORMERR : DNS_NOTIMP, false);
		return 0;
	}
	if (q.class != DNS_IN) /* what a server says of itself (CH) */
		return DNS_ASK_SERVER;
	const bool onion = is_onion(q.name), ours = c->dns == DNS_REMOTE || onion;
	switch (q.type) {
	case DNS_A:
	case DNS_AAAA:
	case DNS_ANY: /* RFC 8482: any of what there is */
		if (!ours)
			return DNS_ASK_SERVER;
		answer_address(&q, out);
		return 0;
	case DNS_HTTPS:
	case DNS_SVCB:
		if (!ours)
			return DNS_ASK_SERVER;
		break;
	case DNS_PTR:
		return answer_pointer(&q, out);
	default:
		if (!onion)
			return DNS_ASK_SERVER;
	}
	dns_write_error(out, &q, DNS_NOERROR, false);
	return 0;
}

static bool address_is_direct(const struct config *c, const char *program, const struct addr *address)
{
	return !placeholder_covers(address) && !addr_is_loopback(address) &&
	       config_decide(c, &(struct destination){.addr = address, .program = program}).route->kind == ROUTE_DIRECT;
}

bool dns_is_direct(const struct config *c, const char *program, const uint8_t *query, size_t n)
{
	struct dns_query q;
	struct addr a;

	if (dns_read_query(&q, query, n))
		return false;
	if (q.type == DNS_PTR && dns_reverse_address(&a, q.name))
		return address_is_direct(c, program, &a);
	if (!addr_parse_host(&a, q.name, strlen(q.name)) || a.kind != ADDR_NAME)
		return c->chain->kind == ROUTE_DIRECT;
	return !addr_is_loopback(&a) && config_name_is_direct(c, &(struct destination){.addr = &a, .program = program});
}

void dns_learn(struct slice query, struct slice answer)
{
	struct dns_query q;
	struct dns_answer a;
	struct addr name;

	if (dns_read_query(&q, query.at, query.len) || !dns_read_answer(&a, answer.at, answer.len) ||
	    !addr_parse_host(&name, q.name, strlen(q.name)))
		return;
	for (int i = 0; i < a.n; i++)
		origin_put(&name, &a.addresses[i]);
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

int dns_ask(const struct config *c, const uint8_t *query, size_t n, struct buf *out)
{
	const int rc = dns_answer(c, query, n, out);

	if (rc != DNS_ASK_SERVER)
		return rc;
	struct dns_exchange *const x = dns_exchange_new();
	if (x && dns_exchange_add(x, query, n) && dns_exchange_run(x, c) == 0) {
		const struct slice answer = dns_exchange_answer(x, 0);
		buf_put(out, answer.at, answer.len);
	} else {
		dns_fail(query, n, out);
	}
	if (x)
		dns_exchange_free(x);
	return 0;
}
