/* service: a query that came to the DNS relay, on its way to a server and back. */
#include "core/dns/service.h"

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/clock.h"
#include "core/dns/answer.h"
#include "core/dns/exchange.h"
#include "core/dial/engine.h"
#include "core/base/own.h"

enum { FORWARD_MS = 5000 }; /* resolvers have asked again by then, or another server */

struct question {
	struct job job; /* of one that is passed on */
	struct dns_asker origin;
	struct dns_exchange *exchange;
};

void dns_asker_reply(const struct dns_asker *o, const struct buf *answer)
{
	struct iovec parts[] = {{(void *)o->header, o->header_len}, {answer->at, answer->len}};
	const struct msghdr message = {
		.msg_name = (void *)&o->from, .msg_namelen = o->from_len, .msg_iov = parts, .msg_iovlen = 2};

	sys_sendmsg(o->relay, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void question_free(struct question *q)
{
	if (q->exchange)
		dns_exchange_free(q->exchange);
	pages_free(q, sizeof(*q));
}

/* NULL when there is no memory: the program asks again. */
static struct question *question_new(const struct dns_asker *o, struct slice query)
{
	struct question *q = pages_take(sizeof(*q));

	if (!q)
		return NULL;
	q->origin = *o;
	q->exchange = dns_exchange_new();
	if (q->exchange && dns_exchange_add(q->exchange, query.at, query.len))
		return q;
	question_free(q);
	return NULL;
}

static void answered(struct dns_exchange *x, int rc)
{
	struct question *q = x->owner;
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};
	const struct slice query = dns_exchange_query(x, 0);

	if (rc == 0) {
		const struct slice whole = dns_exchange_answer(x, 0);
		answer = (struct buf){.at = whole.at, .size = whole.len, .len = whole.len};
		dns_fit_udp(query.at, query.len, &answer);
	} else {
		dns_fail(query.at, query.len, &answer);
	}
	dns_asker_reply(&q->origin, &answer);
	question_free(q);
}

void dns_service_ask(const struct dns_asker *o, const struct app *app, struct slice query)
{
	struct question *q = question_new(o, query);

	if (q)
		dns_exchange_start(q->exchange, app, answered, q);
}

static int send_on(const struct question *q)
{
	const struct slice query = dns_exchange_query(q->exchange, 0);
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(&q->exchange->server, &to, AF_UNSPEC);
	const int fd = len ? own_socket(to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK) : -1;

	if (fd < 0)
		return -1;
	if (sys_connect(fd, (struct sockaddr *)&to, len) == 0 && sys_send(fd, query.at, query.len, MSG_NOSIGNAL) >= 0)
		return fd;
	own_close(fd);
	return -1;
}

static void forward_begin(struct job *j)
{
	j->fd = send_on(JOB_OF(struct question, job, j));
	j->limit = clock_in_ms(FORWARD_MS);
}

static bool forward_step(struct job *j)
{
	static uint8_t bytes[DNS_MESSAGE_MAX]; /* only the engine comes here */
	struct question *q = JOB_OF(struct question, job, j);
	const ssize_t n = j->fd < 0 ? -1 : sys.recv(j->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0 && j->fd >= 0 && (errno == EAGAIN || errno == EINTR))
		return clock_now() < j->limit;
	if (n > 0) {
		const struct buf answer = {.at = bytes, .size = (size_t)n, .len = (size_t)n};
		dns_learn(dns_exchange_query(q->exchange, 0), (struct slice){bytes, (size_t)n});
		dns_asker_reply(&q->origin, &answer);
	}
	return false;
}

static void forward_end(struct job *j)
{
	own_close(j->fd);
	question_free(JOB_OF(struct question, job, j));
}

void dns_service_forward(const struct dns_asker *o, const struct addr *server, struct slice query)
{
	struct question *q = question_new(o, query);

	if (!q)
		return;
	q->exchange->server = *server;
	q->job = (struct job){.begin = forward_begin, .step = forward_step, .end = forward_end, .fd = -1};
	engine_submit(&q->job);
}
