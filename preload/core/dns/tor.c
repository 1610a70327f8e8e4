/* tor: an exchange with the last proxy in place of a DNS server. */
#include "core/dns/tor.h"

#include <string.h>

#include "core/base/err.h"
#include "core/proto/dns_reverse.h"

enum {
	TTL = 60, /* seconds; the proxy tells none */
	ANSWER_MAX = 1024, /* two names, and little else */
};

/* COMMAND_CONNECT: there is no word for that. */
static enum command command_for(const struct dns_query *q, struct addr *target)
{
	const bool address = q->type == DNS_A || q->type == DNS_AAAA;

	if (address && addr_parse_host(target, q->name, strlen(q->name)) && target->kind == ADDR_NAME)
		return COMMAND_RESOLVE;
	return q->type == DNS_PTR && dns_reverse_address(target, q->name) ? COMMAND_RESOLVE_PTR : COMMAND_CONNECT;
}

static bool read_query(const struct dns_exchange *x, int i, struct dns_query *q)
{
	const struct slice query = dns_exchange_query(x, i);

	return dns_read_query(q, query.at, query.len) == 0 && q->opcode == 0 && q->class == DNS_IN;
}

/* All queries of an exchange are about one name. */
void dns_tor_instead(struct dns_exchange *x)
{
	struct dns_query q;
	struct addr target;

	if (!read_query(x, 0, &q))
		return;
	const enum command command = command_for(&q, &target);
	if (command != COMMAND_CONNECT)
		dial_instead(&x->dialling.dial, command, &target);
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

int dns_tor_take(struct dns_exchange *x)
{
	struct dns_query q;
	struct addr found;

	if (!tunnel_bound(&x->dialling.dial.tunnel, &found))
		return ERR_PROXY_GARBLED;
	for (int i = 0; i < x->queries; i++) {
		uint8_t bytes[ANSWER_MAX];
		struct buf answer = {.at = bytes, .size = sizeof(bytes)};
		read_query(x, i, &q);
		write_answer(&answer, &q, &found);
		dns_exchange_put(x, answer.at, answer.len);
	}
	return 0;
}
