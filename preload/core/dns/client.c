/* SPDX-License-Identifier: MIT */
/* client: dial the server, and then send and receive what the exchange has. */
#include "core/dns/client.h"

#include <string.h>

#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "core/dns/tor.h"

struct dns_client *dns_client_new(void)
{
	return pages_take(sizeof(struct dns_client));
}

void dns_client_free(struct dns_client *c)
{
	pages_free(c, sizeof(*c));
}

static const struct route *route_of(const struct dns_client *c, const struct app *app)
{
	const struct slice first = dns_exchange_query(&c->exchange, 0);
	struct dns_query q;
	struct addr name;

	if (c->route)
		return c->route;
	const bool named = dns_read_query(&q, first.at, first.len) == 0 && addr_parse_host(&name, q.name, strlen(q.name));
	return decide_dns_server(app, named ? &name : NULL);
}

static int waits(int want)
{
	return errno == EAGAIN || errno == EINTR ? want : ERR_PROXY_CLOSED;
}

static int send_queries(struct dns_exchange *x, int fd)
{
	for (struct slice left; (left = dns_exchange_unsent(x)).len;) {
		const ssize_t n = sys_send(fd, left.at, left.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0)
			return waits(DIAL_WRITE);
		dns_exchange_sent(x, (size_t)n);
	}
	return DIAL_DONE;
}

static int receive_answers(struct dns_exchange *x, int fd)
{
	while (!dns_exchange_done(x)) {
		const struct slice room = dns_exchange_unread(x);
		const ssize_t n = sys.recv(fd, room.at, room.len, MSG_DONTWAIT);
		if (n < 0)
			return waits(DIAL_READ);
		if (n == 0)
			return ERR_PROXY_CLOSED;
		dns_exchange_received(x, (size_t)n);
	}
	return DIAL_DONE;
}

static bool asks_proxy(const struct dial *d)
{
	return path_request(&d->path)->command != COMMAND_CONNECT;
}

/* The proxy gave its whole answer when it accepted the request. */
static int take_from_proxy(struct dns_client *c)
{
	struct addr found;

	if (!tunnel_bound(&c->dialling.dial.tunnel, &found))
		return ERR_PROXY_GARBLED;
	dns_tor_answer(&c->exchange, &found);
	return DIAL_DONE;
}

static int converse(struct dns_client *c, int fd)
{
	if (asks_proxy(&c->dialling.dial))
		return take_from_proxy(c);
	const int rc = send_queries(&c->exchange, fd);
	return rc == DIAL_DONE ? receive_answers(&c->exchange, fd) : rc;
}

static int go(struct dial_job *j)
{
	struct dns_client *c = j->owner;
	int rc;

	do {
		if (j->dial.stage != DIAL_STANDS)
			dns_exchange_restart(&c->exchange);
		rc = dial_next(&j->dial, j->job.fd);
		if (rc == DIAL_DONE)
			rc = converse(c, j->job.fd);
	} while (rc < 0 && j->dial.stage == DIAL_STANDS && (rc = dial_failed(&j->dial, j->job.fd, rc)) == 0);
	return rc;
}

static int begin(struct dns_client *c, const struct app *app)
{
	struct dial_job *j = &c->dialling;
	const struct route *const route = route_of(c, app);
	struct request instead;

	j->job.fd = -1;
	j->go = go;
	j->make = dial_make;
	j->owner = c;
	if (route->kind == ROUTE_BLOCK)
		return ERR_BLOCKED;
	const int rc = dial_begin(&j->dial, app->config, route, COMMAND_CONNECT, c->route ? &c->server : &app->config->dns_server);
	if (rc == 0 && !c->route && dns_tor_request(&c->exchange, &instead))
		dial_instead(&j->dial, instead.command, &instead.target);
	return rc;
}

/* When the proxy was asked only because the server had failed, that failure is in the log already. */
static void ended(struct dns_client *c, int rc)
{
	const struct dial *d = &c->dialling.dial;

	own_close(c->dialling.job.fd);
	if (d->route && (rc == DIAL_DONE || !asks_proxy(d)))
		dial_report(d, rc);
}

static void abandon(void *client)
{
	struct dns_client *c = client;

	own_close(c->dialling.job.fd);
	dns_client_free(c);
}

int dns_client_run(struct dns_client *c, const struct app *app)
{
	struct cleanup cleanup;
	struct hold held;

	cancel_hold(&held);
	cleanup_begin(&cleanup, abandon, c);
	int rc = begin(c, app);
	if (rc == 0)
		do
			rc = dial_wait(&c->dialling, 1, INT64_MAX);
		while (rc == -EINTR);
	ended(c, rc);
	cleanup_end(&cleanup);
	cancel_release(&held);
	return rc;
}

static void end(struct dial_job *j)
{
	struct dns_client *c = j->owner;

	ended(c, j->want);
	c->end(c, j->want);
}

void dns_client_start(struct dns_client *c, const struct app *app)
{
	c->dialling.want = begin(c, app);
	c->dialling.end = end;
	dial_start(&c->dialling);
}
