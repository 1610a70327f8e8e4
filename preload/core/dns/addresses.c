/* SPDX-License-Identifier: MIT */
/* addresses: ask for A and AAAA at once, and combine the answers; ask for PTR. */
#include "core/dns/addresses.h"

#include <string.h>
#include <sys/random.h>

#include "core/base/scratch.h"
#include "core/dns/cache.h"
#include "core/dns/client.h"
#include "core/proto/dns_name.h"
#include "core/proto/dns_reverse.h"

static void add_question(struct dns_exchange *x, const char *name, uint16_t type)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf query = {.at = bytes, .size = sizeof(bytes)};
	uint16_t id = 0;

	/* A guessable id does no harm on a TCP connection of our own, so take what randomness there is without waiting. */
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) < 0)
		id = type;
	if (dns_write_query(&query, id, name, type))
		dns_exchange_add(x, query.at, query.len);
}

static void take(struct host *r, const struct dns_answer *a)
{
	for (int i = 0; i < a->n && r->n < HOST_ADDRESSES; i++)
		r->addresses[r->n++] = a->addresses[i];
	if (a->n && !r->canonical[0])
		memcpy(r->canonical, a->canonical, sizeof(r->canonical));
}

static int judge(unsigned rcode)
{
	return rcode == DNS_NOERROR || rcode == DNS_NXDOMAIN ? (int)rcode : DNS_SERVFAIL;
}

/* Combine both answers: addresses in one make up for a failure of the other. */
static int read_answers(const struct dns_exchange *x, const char *name, struct host *r)
{
	SCRATCH(room);
	struct dns_answer *const a = scratch_take(&room, sizeof(*a));
	uint32_t ttl = UINT32_MAX;
	int rc = DNS_NOERROR;

	for (int i = 0; i < x->queries; i++) {
		const struct slice bytes = dns_exchange_answer(x, i);
		const int its = a && dns_read_answer(a, bytes.at, bytes.len) ? judge(a->rcode) : DNS_SERVFAIL;
		if (its == DNS_NOERROR) {
			take(r, a);
			ttl = a->ttl < ttl ? a->ttl : ttl;
		} else if (rc != DNS_SERVFAIL) {
			rc = its;
		}
	}
	r->by_dns = r->n || rc == DNS_NOERROR;
	if (r->n && rc == DNS_NOERROR)
		dns_cache_put(name, r, ttl);
	return r->n ? DNS_NOERROR : rc;
}

static int ask(const struct app *app, const char *name, struct host *r)
{
	struct dns_client *const c = dns_client_new();
	int rc = DNS_SERVFAIL;

	if (!c)
		return rc;
	add_question(&c->exchange, name, DNS_AAAA);
	add_question(&c->exchange, name, DNS_A);
	if (c->exchange.queries == 2 && dns_client_run(c, app) == 0)
		rc = read_answers(&c->exchange, name, r);
	dns_client_free(c);
	return rc;
}

static bool is_wanted(const struct addr *a, int family)
{
	return family == AF_UNSPEC || addr_family(a) == family;
}

int dns_lookup(const struct app *app, const char *name, int family, struct host *r)
{
	int kept = 0, rc = 0;

	*r = (struct host){0};
	if (!dns_cache_get(name, r))
		rc = ask(app, name, r);
	for (int i = 0; i < r->n; i++)
		if (is_wanted(&r->addresses[i], family))
			r->addresses[kept++] = r->addresses[i];
	r->n = kept;
	return rc;
}

static void take_name(void *arg, const char *name)
{
	struct host *r = arg;

	if (!r->canonical[0] && dns_name_is_host(name))
		memcpy(r->canonical, name, strlen(name) + 1);
}

int dns_lookup_name(const struct app *app, const struct addr *address, struct host *r)
{
	char question[ADDR_NAME_MAX + 1];
	struct dns_client *const c = dns_client_new();
	int rc = DNS_SERVFAIL;

	*r = (struct host){.by_dns = true, .n = 1, .addresses = {*address}};
	if (!c)
		return rc;
	dns_reverse_name(address, question);
	add_question(&c->exchange, question, DNS_PTR);
	if (c->exchange.queries && dns_client_run(c, app) == 0) {
		const struct slice answer = dns_exchange_answer(&c->exchange, 0);
		const int rcode = dns_read_pointers(answer.at, answer.len, take_name, r);
		rc = rcode < 0 ? DNS_SERVFAIL : judge((unsigned)rcode);
	}
	dns_client_free(c);
	r->n = r->canonical[0] != '\0';
	return rc;
}
