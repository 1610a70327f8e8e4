/* tcp_server: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#include "dns/tcp_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/clock.h"
#include "core/dns/answer.h"
#include "core/dns/exchange.h"
#include "core/dial/engine.h"
#include "fd/hidden.h"
#include "fd/table.h"

enum {
	IDLE_MS = 5000, /* a program that asks nothing for so long connects anew (RFC 7766, 6.2.3) */
	ACCEPT_MS = 2000,
};

/* One job in two roles by turns: listening to the application, or asking the server. */
struct conversation {
	struct job job;
	const struct app *app;
	struct addr server; /* that the application means, if it goes directly */
	int fd;             /* private: our end */
	struct dns_exchange *exchange; /* NULL: listening */
	int rc; /* of the exchange */
	size_t got;
	uint8_t in[DNS_PREFIX + DNS_MESSAGE_MAX], out[DNS_PREFIX + DNS_MESSAGE_MAX];
};

static struct conversation *of(struct job *j)
{
	return (struct conversation *)((char *)j - offsetof(struct conversation, job));
}

static void listen_on(struct conversation *c);
static void ask(struct conversation *c);

/* Send an answer, its length in front; false if the application does not take it. */
static bool reply(struct conversation *c, const struct buf *answer)
{
	const uint8_t prefix[DNS_PREFIX] = {(uint8_t)(answer->len >> 8), (uint8_t)answer->len};
	struct iovec parts[] = {{(void *)prefix, sizeof(prefix)}, {answer->at, answer->len}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	return sys_sendmsg(c->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)(sizeof(prefix) + answer->len);
}

static size_t query_size(const struct conversation *c)
{
	return (size_t)c->in[0] << 8 | c->in[1];
}

static bool is_whole(const struct conversation *c)
{
	return c->got >= DNS_PREFIX && c->got >= DNS_PREFIX + query_size(c);
}

static void next_query(struct conversation *c)
{
	const size_t used = DNS_PREFIX + query_size(c);

	memmove(c->in, c->in + used, c->got - used);
	c->got -= used;
}

static struct buf out_of(struct conversation *c)
{
	return (struct buf){.at = c->out, .size = sizeof(c->out)};
}

/* Answer the query at `in`; false if the conversation ends, or goes on in the other role. */
static bool answer(struct conversation *c)
{
	struct buf out = out_of(c);
	const uint8_t *const query = c->in + DNS_PREFIX;
	const bool theirs = c->server.kind && dns_is_direct(c->app, query, query_size(c));
	const int rc = theirs ? DNS_ASK_SERVER : dns_answer(c->app, query, query_size(c), &out);

	if (rc == DNS_ASK_SERVER) {
		c->exchange = dns_exchange_new();
		if (c->exchange && dns_exchange_add(c->exchange, query, query_size(c))) {
			c->exchange->server = theirs ? c->server : (struct addr){0};
			return false;
		}
		if (c->exchange)
			dns_exchange_free(c->exchange);
		c->exchange = NULL;
		dns_fail(query, query_size(c), &out);
	}
	next_query(c);
	return rc >= 0 && reply(c, &out);
}

static void begin_listening(struct job *j)
{
	j->fd = of(j)->fd;
	j->limit = clock_in_ms(IDLE_MS);
}

static bool step_listening(struct job *j)
{
	struct conversation *c = of(j);

	for (;;) {
		while (is_whole(c))
			if (!answer(c))
				return false;
		const ssize_t n = sys.recv(c->fd, c->in + c->got, sizeof(c->in) - c->got, MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return clock_now() < j->limit;
		if (n <= 0)
			return false;
		c->got += (size_t)n;
		j->limit = clock_in_ms(IDLE_MS);
	}
}

static void prepare_asking(struct job *j)
{
	struct conversation *c = of(j);

	c->rc = dns_exchange_begin(c->exchange, c->app);
	if (c->rc == 0)
		c->rc = dns_exchange_resolve(c->exchange);
}

static void begin_asking(struct job *j)
{
	struct conversation *c = of(j);

	j->fd = c->rc ? -1 : dns_exchange_connect(c->exchange);
	if (c->rc == 0 && j->fd < 0)
		c->rc = j->fd;
}

static bool step_asking(struct job *j)
{
	struct conversation *c = of(j);

	if (c->rc < 0) /* it never began */
		return false;
	c->rc = dns_exchange_step(c->exchange, j->fd);
	j->limit = dns_exchange_limit(c->exchange);
	return c->rc > DIAL_DONE;
}

static void end_asking(struct job *j)
{
	struct conversation *c = of(j);
	struct buf out = out_of(c);

	own_close(j->fd);
	if (dns_exchange_again(c->exchange, c->rc)) {
		ask(c);
		return;
	}
	if (c->rc == DIAL_DONE) {
		const struct slice whole = dns_exchange_answer(c->exchange, 0);
		buf_put(&out, whole.at, whole.len);
		if (c->exchange->server.kind)
			dns_learn(dns_exchange_query(c->exchange, 0), whole);
	} else {
		dns_fail(c->in + DNS_PREFIX, query_size(c), &out);
	}
	dns_exchange_free(c->exchange);
	c->exchange = NULL;
	next_query(c);
	reply(c, &out);
	listen_on(c);
}

static void ask(struct conversation *c)
{
	c->job = (struct job){
		.prepare = prepare_asking, .begin = begin_asking, .step = step_asking, .end = end_asking, .fd = -1};
	engine_submit(&c->job);
}

static void end_listening(struct job *j)
{
	struct conversation *c = of(j);

	if (c->exchange) {
		ask(c);
		return;
	}
	own_close(c->fd);
	pages_free(c, sizeof(*c));
}

static void listen_on(struct conversation *c)
{
	c->job = (struct job){.begin = begin_listening, .step = step_listening, .end = end_listening, .fd = -1};
	engine_submit(&c->job);
}

/* A listener of the loopback address that `fd` can reach. */
static int make_listener(int family, struct sockaddr_storage *at, socklen_t *len)
{
	const struct addr loopback = addr_loopback(family, 0);
	const int made = sys.socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (made < 0)
		return -errno;
	*len = addr_to_sockaddr(&loopback, at, family);
	if (__extension__ sys.bind(made, (struct sockaddr *)at, *len) || listen(made, 1) ||
	    __extension__ sys.getsockname(made, (struct sockaddr *)at, len)) {
		const int error = errno;
		sys.close(made);
		return -error;
	}
	return made;
}

/* The connection from `fd`, and no other that happens by. */
static int accept_from(int listener, int fd)
{
	struct endpoint own, peer;
	socklen_t own_len = sizeof(own);

	if (__extension__ sys.getsockname(fd, &own.sa, &own_len))
		return -errno;
	const int64_t limit = clock_in_ms(ACCEPT_MS);
	for (;;) {
		socklen_t len = sizeof(peer);
		const int end = accept4(listener, &peer.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (end >= 0 && len == own_len && endpoint_equal(&own, &peer))
			return end;
		if (end >= 0)
			sys.close(end);
		if (end < 0 && clock_poll_ms(limit) == 0)
			return -ETIMEDOUT;
		if (end < 0)
			poll(&(struct pollfd){.fd = listener, .events = POLLIN}, 1, clock_poll_ms(limit));
	}
}

static int converse(int end, const struct app *app, const struct addr *server)
{
	struct conversation *c = pages_take(sizeof(*c));
	const int fd = hidden_move(end);

	if (!c || fd < 0) {
		own_close(fd);
		if (c)
			pages_free(c, sizeof(*c));
		return -ENOBUFS;
	}
	c->app = app;
	c->server = *server;
	c->fd = fd;
	listen_on(c);
	return 0;
}

int dns_tcp_server(int fd, const struct app *app, const struct sockaddr *to, socklen_t len, bool direct)
{
	struct sockaddr_storage at;
	struct addr server = {0};
	socklen_t at_len;
	struct fd_entry *const entry = fd_entry_make(fd);

	if (!entry) /* a vfork child: its memory, and the engine, are its parent's */
		return -ENETUNREACH;
	if (direct)
		addr_from_sockaddr(&server, to, len);
	const int listener = make_listener(to->sa_family, &at, &at_len);
	if (listener < 0)
		return listener;
	const int rc = (int)sys_rc(sys_connect(fd, (struct sockaddr *)&at, at_len));
	const int end = rc == 0 || rc == -EINPROGRESS ? accept_from(listener, fd) : rc;
	sys.close(listener);
	const int failure = end < 0 ? end : converse(end, app, &server);
	if (failure)
		return failure;
	const struct endpoint asked = endpoint_from(to, len);
	fd_entry_connected(entry, fd, &asked);
	return rc;
}
