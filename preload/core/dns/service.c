/* SPDX-License-Identifier: MIT */
/* service: choose who answers a query, and carry the answer back. */
#include "core/dns/service.h"

#include "core/base/pages.h"
#include "core/dns/answer.h"
#include "core/dns/client.h"
#include "core/dns/forward.h"

static void reply(struct dns_transaction *t, const struct buf *answer)
{
	t->reply(t, (struct slice){answer->at, answer->len});
}

/* Returns what the server answered, made whole with placeholders in `*pages` if that is called for; nothing if it did not answer. */
static struct slice complete(const struct app *app, struct slice query, const struct dns_client *c, int rc, struct buf *pages)
{
	const struct slice server = rc == 0 ? dns_exchange_answer(&c->exchange, 0) : (struct slice){0};

	*pages = (struct buf){.size = DNS_MESSAGE_MAX};
	if (!c->route && dns_is_any(app, query) && (pages->at = pages_take(pages->size)))
		dns_write_any(query, server, pages);
	return pages->at ? (struct slice){pages->at, pages->len} : server;
}

static void answered(struct dns_client *c, int rc)
{
	struct dns_transaction *t = c->owner;
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)}, pages;
	const struct slice whole = complete(t->app, t->query, c, rc, &pages);

	if (whole.len) {
		answer = (struct buf){.at = whole.at, .size = whole.len, .len = whole.len};
		if (c->route)
			dns_learn(t->query, whole);
		if (t->udp)
			dns_fit_udp(t->query.at, t->query.len, &answer);
	} else if (!c->route || !t->udp) {
		dns_fail(t->query.at, t->query.len, &answer);
	}
	reply(t, &answer);
	if (pages.at)
		pages_free(pages.at, pages.size);
	dns_client_free(c);
}

/* Returns NULL if there is no memory. */
static struct dns_client *client_for(const uint8_t *query, size_t n)
{
	struct dns_client *const c = dns_client_new();

	if (c && dns_exchange_add(&c->exchange, query, n))
		return c;
	if (c)
		dns_client_free(c);
	return NULL;
}

static bool ask_by_tcp(struct dns_transaction *t, bool theirs)
{
	struct dns_client *const c = client_for(t->query.at, t->query.len);

	if (!c)
		return false;
	if (theirs) {
		c->route = t->route;
		c->server = t->server;
	}
	c->end = answered;
	c->owner = t;
	dns_client_start(c, t->app);
	return true;
}

static void forwarded(void *arg, struct slice answer)
{
	struct dns_transaction *t = arg;

	if (answer.len)
		dns_learn(t->query, answer);
	t->reply(t, answer);
}

/* Returns false if there is no memory. */
static bool ask(struct dns_transaction *t, bool theirs)
{
	if (theirs && t->udp && t->route->kind == ROUTE_DIRECT)
		return dns_forward(&t->server, t->query, forwarded, t);
	return ask_by_tcp(t, theirs);
}

static bool is_behind_chain(const struct route *server)
{
	return server && server->kind == ROUTE_CHAIN;
}

int dns_serve(struct dns_transaction *t)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};
	const bool behind = is_behind_chain(t->route), direct = t->route && !behind && dns_is_direct(t->app, t->query.at, t->query.len);
	const int rc = direct ? DNS_ASK_SERVER : dns_answer(t->app, behind, t->query.at, t->query.len, &answer);

	if (rc < 0)
		return rc;
	if (rc == DNS_ASK_SERVER) {
		if (ask(t, behind || direct))
			return DNS_LATER;
		dns_fail(t->query.at, t->query.len, &answer);
	}
	reply(t, &answer);
	return 0;
}

/* Append the answer, if there is one. */
static void run(const struct app *app, struct dns_client *c, struct slice query, struct buf *out)
{
	struct buf pages;
	const int rc = dns_client_run(c, app);
	const struct slice answer = complete(app, query, c, rc, &pages);

	buf_put(out, answer.at, answer.len);
	if (pages.at)
		pages_free(pages.at, pages.size);
}

int dns_ask(const struct app *app, const struct route *route, const struct addr *server, const uint8_t *query, size_t n, struct buf *out)
{
	const int rc = dns_answer(app, route, query, n, out);

	if (rc != DNS_ASK_SERVER)
		return rc;
	struct dns_client *const c = client_for(query, n);
	if (c && route) {
		c->route = route;
		c->server = *server;
	}
	if (c)
		run(app, c, (struct slice){(uint8_t *)query, n}, out);
	if (!out->len)
		dns_fail(query, n, out);
	if (c)
		dns_client_free(c);
	return 0;
}
