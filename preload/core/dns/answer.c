/* answer: by type of record, and by who answers for the name in the question. */
#include "core/dns/answer.h"

#include <errno.h>
#include <string.h>

#include "core/names/origin.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "core/proto/dns_reverse.h"

enum { TTL = 30 }; /* seconds; half of what a placeholder lasts at least */

static void answer_address(const struct dns_query *q, const struct addr *name, struct buf *out)
{
	const int family = q->type == DNS_AAAA ? AF_INET6 : AF_INET;
	struct addr address;

	/* What no host can be called has no address, and neither have look-alikes of addresses. */
	if (name->kind != ADDR_NAME) {
		dns_write_error(out, q, DNS_NXDOMAIN, false);
		return;
	}
	if (addr_is_loopback(name))
		address = addr_loopback(family, 0);
	else if (placeholder_put(name, family, &address)) {
		dns_write_error(out, q, DNS_SERVFAIL, false);
		return;
	}
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_address(out, &address, TTL);
	dns_end_answer(out, q);
}

static int answer_pointer(const struct app *app, const struct dns_query *q, struct buf *out)
{
	struct addr address, name = {.kind = ADDR_NAME, .name = "localhost"};

	const enum name_verdict who = dns_reverse_address(&address, q->name) ? address_decide(app, &address) : NAME_BY_DNS;
	if (who != NAME_LOCAL && who != NAME_HERE)
		return DNS_ASK_SERVER;
	if (who == NAME_HERE && !placeholder_get(&address, &name)) {
		dns_write_error(out, q, DNS_NXDOMAIN, false);
		return 0;
	}
	dns_begin_answer(out, q, DNS_NOERROR);
	dns_add_pointer(out, name.name, TTL);
	dns_end_answer(out, q);
	return 0;
}

int dns_answer(const struct app *app, const uint8_t *query, size_t n, struct buf *out)
{
	struct dns_query q;
	struct addr name;
	const int rc = dns_read_query(&q, query, n);

	if (rc < 0)
		return -EINVAL;
	if (rc > 0 || q.opcode != 0) {
		dns_write_error(out, &q, rc > 0 ? DNS_FORMERR : DNS_NOTIMP, false);
		return 0;
	}
	if (q.class != DNS_IN) /* what a server says of itself (CH) */
		return DNS_ASK_SERVER;
	addr_parse_host(&name, q.name, strlen(q.name)); /* or no host can be called that */
	const enum name_verdict who = name_decide_proxied(app, &name);
	const bool ours = who == NAME_HERE || who == NAME_LOCAL;
	switch (q.type) {
	case DNS_A:
	case DNS_AAAA:
	case DNS_ANY: /* RFC 8482: any of what there is */
		if (!ours)
			return DNS_ASK_SERVER;
		answer_address(&q, &name, out);
		return 0;
	case DNS_HTTPS:
	case DNS_SVCB:
		if (!ours)
			return DNS_ASK_SERVER;
		break;
	case DNS_PTR:
		return answer_pointer(app, &q, out);
	default:
		if (!addr_is_onion(&name))
			return DNS_ASK_SERVER;
	}
	dns_write_error(out, &q, DNS_NOERROR, false);
	return 0;
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
