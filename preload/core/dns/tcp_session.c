/* SPDX-License-Identifier: MIT */
/* tcp_session: listen to the other end, as a job of the engine, and wait for the DNS service, by turns. */
#include "core/dns/tcp_session.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/dns/exchange.h"
#include "core/dns/service.h"

enum { IDLE_MS = 5000 }; /* a program that pauses longer connects anew (RFC 7766, 6.2.3) */

struct session {
	struct dns_transaction asked; /* the first query in `in` */
	struct job job;               /* listens to the other end */
	int fd;
	bool waits;   /* waits for the answer */
	bool refused; /* the other end did not take a whole answer, so it cannot tell where the next begins */
	size_t got;
	uint8_t in[DNS_PREFIX + DNS_MESSAGE_MAX];
};

static void listen_on(struct session *s);

static bool send_answer(const struct session *s, struct slice answer)
{
	const uint8_t prefix[DNS_PREFIX] = {(uint8_t)(answer.len >> 8), (uint8_t)answer.len};
	struct iovec parts[] = {{(void *)prefix, sizeof(prefix)}, {answer.at, answer.len}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	return sys_sendmsg(s->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)(sizeof(prefix) + answer.len);
}

static bool has_query(const struct session *s)
{
	return s->got >= DNS_PREFIX && s->got >= dns_prefixed_size(s->in);
}

static void drop_query(struct session *s)
{
	const size_t size = dns_prefixed_size(s->in);

	memmove(s->in, s->in + size, s->got - size);
	s->got -= size;
}

static void replied(struct dns_transaction *t, struct slice answer)
{
	struct session *s = t->owner;
	const bool waited = s->waits;

	s->refused = !send_answer(s, answer);
	s->waits = false;
	drop_query(s);
	if (waited)
		listen_on(s);
}

/* Serve the first query; false if the session no longer listens. */
static bool serve(struct session *s)
{
	s->asked.query = (struct slice){s->in + DNS_PREFIX, dns_prefixed_size(s->in) - DNS_PREFIX};
	const int rc = dns_serve(&s->asked);
	s->waits = rc == DNS_LATER;
	return rc == 0 && !s->refused;
}

static void begin(struct job *j)
{
	j->fd = JOB_OF(struct session, job, j)->fd;
	j->limit = clock_in_ms(IDLE_MS);
}

static bool step(struct job *j)
{
	struct session *s = JOB_OF(struct session, job, j);

	while (!s->refused) {
		while (has_query(s))
			if (!serve(s))
				return false;
		const ssize_t n = sys.recv(s->fd, s->in + s->got, sizeof(s->in) - s->got, MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return clock_now() < j->limit;
		if (n <= 0)
			return false;
		s->got += (size_t)n;
		j->limit = clock_in_ms(IDLE_MS);
	}
	return false;
}

static void end(struct job *j)
{
	struct session *s = JOB_OF(struct session, job, j);

	if (s->waits)
		return;
	own_close(s->fd);
	pages_free(s, sizeof(*s));
}

static void listen_on(struct session *s)
{
	s->job = (struct job){.begin = begin, .step = step, .end = end, .fd = -1};
	engine_submit(&s->job);
}

int tcp_session_start(int fd, const struct app *app, const struct addr *server)
{
	struct session *s = pages_take(sizeof(*s));

	if (!s)
		return -ENOBUFS;
	s->asked = (struct dns_transaction){
		.app = app, .route = server->kind ? &route_direct : NULL, .server = *server, .reply = replied, .owner = s};
	s->fd = fd;
	listen_on(s);
	return 0;
}
