/* SPDX-License-Identifier: MIT */
/* udp_server: a socket for each family, and a job that listens there while it expects a query. */
#include "dns/udp_server.h"

#include <stdatomic.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/dial/loopback.h"
#include "dns/udp_query.h"
#include "fd/table.h"

enum {
	PATIENCE_MS = 2000, /* from dns_udp_server() to the datagram */
	LINGER_MS = 50,     /* after a datagram */
};

struct dns_server {
	struct job job; /* while `listening` */
	atomic_bool listening;
	atomic_int expected;   /* datagrams announced but not received */
	_Atomic int64_t until; /* listens until then, in monotonic ns */
	pid_t pid;
	struct addr at;
};

static const struct app *app;
static _Atomic(struct dns_server *) servers[2]; /* by family */

void dns_udp_server_use(const struct app *its)
{
	app = its;
}

static _Atomic(struct dns_server *) *place_of(int family)
{
	return &servers[family == AF_INET6];
}

static bool is_open(int rc)
{
	return rc == -EAGAIN || rc == -EINTR || rc == -ECONNREFUSED || rc == -ENOMEM;
}

/* A datagram has come. A thread that announces another meanwhile first adds to `expected` and then sets `until`. */
static void go_on_listening(struct dns_server *s)
{
	s->expected--;
	s->until = clock_in_ms(LINGER_MS);
	if (s->expected > 0)
		s->until = clock_in_ms(PATIENCE_MS);
}

/* If the socket was closed, the next query finds no server and makes a new one. */
static bool step(struct job *j)
{
	struct dns_server *s = JOB_OF(struct dns_server, job, j), *gone = s;
	int rc;

	while ((rc = udp_query_take(j->fd, app)) == 0)
		go_on_listening(s);
	if (!is_open(rc)) {
		atomic_compare_exchange_strong(place_of(addr_family(&s->at)), &gone, NULL);
		return false;
	}
	j->limit = s->until;
	return clock_now() < s->until;
}

static void listen_for_a_moment(struct dns_server *s)
{
	if (!atomic_exchange(&s->listening, true))
		engine_submit(&s->job);
}

static void end(struct job *j)
{
	struct dns_server *s = JOB_OF(struct dns_server, job, j);

	s->expected = 0; /* a program may announce datagrams that it never sends */
	s->listening = false;
	if (*place_of(addr_family(&s->at)) == s && clock_now() < s->until) /* another datagram was announced at the last moment */
		listen_for_a_moment(s);
}

static struct dns_server *make(int family, int *rc)
{
	struct dns_server *s = pages_take_small(sizeof(*s));
	const int fd = !s ? -ENOMEM : fd_table_foreign() ? -ENETUNREACH : loopback_socket(family, SOCK_DGRAM, &s->at);

	*rc = fd;
	if (fd < 0)
		return NULL;
	s->pid = getpid();
	s->job = (struct job){.step = step, .end = end, .fd = fd};
	return s;
}

int dns_udp_server(int family, struct addr *at)
{
	_Atomic(struct dns_server *) *const place = place_of(family);
	struct dns_server *s = *place;
	int rc;

	while (!s || s->pid != getpid()) {
		struct dns_server *fresh = make(family, &rc);
		if (!fresh)
			return rc;
		if (atomic_compare_exchange_strong(place, &s, fresh))
			s = fresh;
		else
			own_close(fresh->job.fd);
	}
	s->expected++;
	s->until = clock_in_ms(PATIENCE_MS);
	listen_for_a_moment(s);
	*at = s->at;
	return 0;
}
