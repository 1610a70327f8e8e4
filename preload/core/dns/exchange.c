/* exchange: queries and their answers over one TCP connection. */
#include "core/dns/exchange.h"

#include <poll.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/base/clock.h"
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

int dns_exchange_begin(struct dns_exchange *x, const struct app *app)
{
	const struct route *const route = way(x, app);

	if (route->kind == ROUTE_BLOCK)
		return ERR_BLOCKED;
	if (x->by_proxy)
		return dns_tor_begin(x, app->config, route);
	return dial_begin(&x->dial, app->config, route, x->server.kind ? &x->server : &app->config->dns_server);
}

int dns_exchange_resolve(struct dns_exchange *x)
{
	return dial_needs_resolving(&x->dial) ? dial_resolve(&x->dial, AF_UNSPEC) : 0;
}

int dns_exchange_connect(struct dns_exchange *x)
{
	const int family = dial_family(&x->dial, AF_UNSPEC);
	const int fd = own_socket(family, SOCK_STREAM | SOCK_NONBLOCK);

	if (fd < 0)
		return fd;
	const int rc = dial_connect(&x->dial, fd, family, O_NONBLOCK);
	if (rc >= 0)
		return fd;
	own_close(fd);
	return rc;
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
			return waits(DIAL_WANT_WRITE);
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
			return waits(DIAL_WANT_READ);
		if (n == 0)
			return ERR_PROXY_CLOSED;
		x->in_len += (size_t)n;
		take_answers(x);
	}
	return DIAL_DONE;
}

int dns_exchange_step(struct dns_exchange *x, int fd)
{
	int rc = DIAL_DONE;

	if (!x->dialled) {
		rc = dial_step(&x->dial, fd);
		x->dialled = rc == DIAL_DONE;
	}
	if (rc == DIAL_DONE && x->by_proxy)
		return dns_tor_take(x);
	if (rc == DIAL_DONE)
		rc = step_send(x, fd);
	if (rc == DIAL_DONE)
		rc = step_receive(x, fd);
	return rc > DIAL_DONE && clock_now() >= dns_exchange_limit(x) ? dial_overdue(&x->dial) : rc;
}

int64_t dns_exchange_limit(const struct dns_exchange *x)
{
	return x->dialled ? x->dial.deadline : dial_limit(&x->dial);
}

/* Of a failure with the proxy the log has heard when it failed with the server. */
bool dns_exchange_again(struct dns_exchange *x, int rc)
{
	if (x->dial.route && (rc == DIAL_DONE || !x->by_proxy))
		dial_report(&x->dial, rc);
	if (rc == DIAL_DONE || x->by_proxy || !tunnel_requested(&x->dial.tunnel) || !dns_tor_knows(x))
		return false;
	x->by_proxy = true;
	x->dialled = false;
	x->answers = 0;
	x->done = 0;
	x->in_len = x->complete = 0;
	return true;
}

static int run(struct dns_exchange *x, const struct app *app)
{
	int rc = dns_exchange_begin(x, app);

	if (!rc)
		rc = dns_exchange_resolve(x);
	const int fd = rc ? rc : dns_exchange_connect(x);
	if (fd < 0)
		return fd;
	while ((rc = dns_exchange_step(x, fd)) > DIAL_DONE) {
		struct pollfd p = {.fd = fd, .events = rc == DIAL_WANT_READ ? POLLIN : POLLOUT};
		poll(&p, 1, clock_poll_ms(dns_exchange_limit(x)));
	}
	own_close(fd);
	return rc;
}

int dns_exchange_run(struct dns_exchange *x, const struct app *app)
{
	int rc = run(x, app);

	if (dns_exchange_again(x, rc)) {
		rc = run(x, app);
		dns_exchange_again(x, rc);
	}
	return rc;
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
