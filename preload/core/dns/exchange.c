/* exchange: queries and their answers over one TCP connection. */
#include "core/dns/exchange.h"

#include <string.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/dial/wait.h"
#include "core/dns/tor.h"
#include "core/base/own.h"

enum { QUERIES = 2 };

struct dns_exchange *dns_exchange_new(void)
{
	return pages_take(sizeof(struct dns_exchange));
}

void dns_exchange_free(struct dns_exchange *x)
{
	pages_free(x, sizeof(*x));
}

bool dns_exchange_add(struct dns_exchange *x, const uint8_t *query, size_t n)
{
	struct buf out = {.at = x->out, .size = sizeof(x->out), .len = x->out_len};

	if (x->queries == QUERIES || n > DNS_MESSAGE_MAX)
		return false;
	buf_u16(&out, (unsigned)n);
	buf_put(&out, query, n);
	if (out.overflow)
		return false;
	x->out_len = out.len;
	x->queries++;
	return true;
}

static const struct route *way(const struct dns_exchange *x, const struct app *app)
{
	const struct slice first = dns_exchange_query(x, 0);
	struct dns_query q;
	struct addr name;

	if (x->server.kind)
		return &route_direct;
	const bool named = dns_read_query(&q, first.at, first.len) == 0 && addr_parse_host(&name, q.name, strlen(q.name));
	return decide_dns_server(app, named ? &name : NULL);
}

static int waits(int want)
{
	return errno == EAGAIN || errno == EINTR ? want : ERR_PROXY_CLOSED;
}

static int step_send(struct dns_exchange *x, int fd)
{
	while (x->sent < x->out_len) {
		const ssize_t n = sys_send(fd, x->out + x->sent, x->out_len - x->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0)
			return waits(DIAL_WRITE);
		x->sent += (size_t)n;
	}
	return DIAL_DONE;
}

static size_t message_size(const uint8_t *at)
{
	return DNS_PREFIX + ((size_t)at[0] << 8 | at[1]);
}

/* Whether that is the answer to one of our queries. */
static bool is_awaited(struct dns_exchange *x, const uint8_t *message, size_t n)
{
	const uint8_t *query = x->out;

	for (int i = 0; i < x->queries; i++, query += message_size(query))
		if (!(x->done & 1u << i) && dns_is_answer(query + DNS_PREFIX, message_size(query) - DNS_PREFIX, message, n)) {
			x->done |= 1u << i;
			return true;
		}
	return false;
}

/* What answers something else is forgotten. */
static void take_answers(struct dns_exchange *x)
{
	while (x->answers < x->queries && x->in_len - x->complete >= DNS_PREFIX) {
		uint8_t *const at = x->in + x->complete;
		const size_t size = message_size(at), left = x->in_len - x->complete;
		if (left < size)
			return;
		if (is_awaited(x, at + DNS_PREFIX, size - DNS_PREFIX)) {
			x->complete += size;
			x->answers++;
		} else {
			memmove(at, at + size, left - size);
			x->in_len -= size;
		}
	}
}

static int step_receive(struct dns_exchange *x, int fd)
{
	while (x->answers < x->queries) {
		const ssize_t n = sys.recv(fd, x->in + x->in_len, sizeof(x->in) - x->in_len, MSG_DONTWAIT);
		if (n < 0)
			return waits(DIAL_READ);
		if (n == 0)
			return ERR_PROXY_CLOSED;
		x->in_len += (size_t)n;
		take_answers(x);
	}
	return DIAL_DONE;
}

/* On a new connection nothing has been said. */
static void start_anew(struct dns_exchange *x)
{
	x->sent = x->in_len = x->complete = 0;
	x->answers = 0;
	x->done = 0;
}

static int converse(struct dns_exchange *x, int fd)
{
	if (x->dialling.dial.path.request.command != COMMAND_CONNECT)
		return dns_tor_take(x);
	const int rc = step_send(x, fd);
	return rc == DIAL_DONE ? step_receive(x, fd) : rc;
}

static int go(struct dial_job *j)
{
	struct dns_exchange *x = j->owner;
	int rc;

	do {
		if (j->dial.stage != DIAL_STANDS)
			start_anew(x);
		rc = dial_next(&j->dial, j->job.fd);
		if (rc == DIAL_DONE)
			rc = converse(x, j->job.fd);
	} while (rc < 0 && j->dial.stage == DIAL_STANDS && (rc = dial_failed(&j->dial, j->job.fd, rc)) == 0);
	return rc;
}

static int begin(struct dns_exchange *x, const struct app *app)
{
	struct dial_job *j = &x->dialling;
	const struct route *const route = way(x, app);

	j->job.fd = -1;
	j->go = go;
	j->make = dial_make;
	j->owner = x;
	if (route->kind == ROUTE_BLOCK)
		return ERR_BLOCKED;
	const int rc = dial_begin(&j->dial, app->config, route, COMMAND_CONNECT, x->server.kind ? &x->server : &app->config->dns_server);
	if (rc == 0)
		dns_tor_instead(x);
	return rc;
}

/* Of a failure with the proxy the log has heard when it failed with the server. */
static void ended(struct dns_exchange *x, int rc)
{
	const struct dial *d = &x->dialling.dial;

	own_close(x->dialling.job.fd);
	if (d->route && (rc == DIAL_DONE || d->path.request.command == COMMAND_CONNECT))
		dial_report(d, rc);
}

int dns_exchange_run(struct dns_exchange *x, const struct app *app)
{
	int rc = begin(x, app);

	if (rc == 0)
		do
			rc = dial_wait(&x->dialling, 1, INT64_MAX);
		while (rc == -EINTR);
	ended(x, rc);
	return rc;
}

static void end(struct dial_job *j)
{
	struct dns_exchange *x = j->owner;

	ended(x, j->want);
	x->end(x, j->want);
}

void dns_exchange_start(struct dns_exchange *x, const struct app *app, void (*done)(struct dns_exchange *, int rc), void *owner)
{
	x->end = done;
	x->owner = owner;
	x->dialling.want = begin(x, app);
	x->dialling.end = end;
	dial_start(&x->dialling);
}

/* The `i`th of the messages at `at`. */
static struct slice message(const uint8_t *at, int i)
{
	while (i-- > 0)
		at += message_size(at);
	return (struct slice){(uint8_t *)at + DNS_PREFIX, message_size(at) - DNS_PREFIX};
}

struct slice dns_exchange_query(const struct dns_exchange *x, int i)
{
	return i < x->queries ? message(x->out, i) : (struct slice){0};
}

struct slice dns_exchange_answer(struct dns_exchange *x, int i)
{
	return i < x->answers ? message(x->in, i) : (struct slice){0};
}

void dns_exchange_put(struct dns_exchange *x, const uint8_t *answer, size_t n)
{
	struct buf in = {.at = x->in, .size = sizeof(x->in), .len = x->in_len};

	buf_u16(&in, (unsigned)n);
	buf_put(&in, answer, n);
	x->in_len = in.len;
	take_answers(x);
}
