/* SPDX-License-Identifier: MIT */
/* forward: an engine job that sends one datagram and waits for one. */
#include "core/dns/forward.h"

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/proto/dns_message.h"

enum { PATIENCE_MS = 5000 }; /* by then resolvers have asked again, or asked another server */

struct forward {
	struct job job;
	struct addr server;
	struct slice query;
	void (*end)(void *arg, struct slice answer);
	void *arg;
	size_t n; /* of `answer` */
	uint8_t answer[DNS_MESSAGE_MAX];
};

/* Returns a socket that has sent the query; negative if that failed. */
static int send_on(const struct forward *f)
{
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(&f->server, &to, AF_UNSPEC);
	const int fd = len ? own_socket(to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK) : -1;

	if (fd < 0)
		return -1;
	if (sys_connect(fd, (struct sockaddr *)&to, len) == 0 && sys_send(fd, f->query.at, f->query.len, MSG_NOSIGNAL) >= 0)
		return fd;
	own_close(fd);
	return -1;
}

static void begin(struct job *j)
{
	j->fd = send_on(JOB_OF(struct forward, job, j));
	j->limit = clock_in_ms(PATIENCE_MS);
}

static bool step(struct job *j)
{
	struct forward *f = JOB_OF(struct forward, job, j);
	const ssize_t n = j->fd < 0 ? -1 : sys.recv(j->fd, f->answer, sizeof(f->answer), MSG_DONTWAIT);

	if (n < 0 && j->fd >= 0 && (errno == EAGAIN || errno == EINTR))
		return clock_now() < j->limit;
	f->n = n > 0 ? (size_t)n : 0;
	return false;
}

static void end(struct job *j)
{
	struct forward *f = JOB_OF(struct forward, job, j);

	own_close(j->fd);
	f->end(f->arg, (struct slice){f->answer, f->n});
	pages_free(f, sizeof(*f));
}

bool dns_forward(const struct addr *server, struct slice query, void (*ended)(void *arg, struct slice answer), void *arg)
{
	struct forward *f = pages_take(sizeof(*f));

	if (!f)
		return false;
	f->server = *server;
	f->query = query;
	f->end = ended;
	f->arg = arg;
	f->job = (struct job){.begin = begin, .step = step, .end = end, .fd = -1};
	engine_submit(&f->job);
	return true;
}
