/* SPDX-License-Identifier: MIT */
/* binding: one dial after the other, each with two ends: where the proxy listens, and who has come. */
#include "core/dial/binding.h"

#include <errno.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bind.h"
#include "core/dial/wait.h"

enum { PAUSE_MS = 1000, PAUSE_MOST_MS = 60000 };

static int make(struct dial_job *j, int family)
{
	struct binding *const b = j->owner;

	b->owner.dials(b, -1);
	const int fd = dial_make(j, family);
	b->owner.dials(b, fd);
	return fd;
}

int binding_peer(const struct binding *b, int carrier, struct endpoint *peer)
{
	struct addr at;

	if (dial_bound(&b->dialling.dial, carrier, &at) || (b->ipv6_alone && at.kind != ADDR_IPV6))
		return ERR_PROXY_ADDRESS;
	return endpoint_to(peer, &at, b->family) ? 0 : ERR_PROXY_ADDRESS;
}

/* Nobody can come to port 0. */
static int read_place(struct binding *b)
{
	const int rc = binding_peer(b, b->dialling.job.fd, &b->next);

	return rc == 0 && !b->next.in4.sin_port ? ERR_PROXY_GARBLED : rc;
}

static int go_on(struct dial_job *j)
{
	const struct binding *const b = j->owner;

	return b->owner.is_wanted(b) ? dial_next(&j->dial, j->job.fd) : -ECANCELED;
}

/* Only from an address of which the socket could hear. */
static struct addr expected(struct binding *b)
{
	const struct addr peer = b->owner.asks(b);

	if (b->ipv6_alone)
		return peer.kind == ADDR_IPV6 ? peer : (struct addr){.kind = ADDR_IPV6};
	return peer.kind == ADDR_IPV6 && b->family == AF_INET ? (struct addr){.kind = ADDR_IPV4} : peer;
}

static int begin_dial(struct binding *b)
{
	struct addr peer = expected(b);

	b->owner.dials(b, -1);
	b->dialling = (struct dial_job){.job.fd = -1, .make = make, .go = go_on, .owner = b};
	int rc = dial_begin(&b->dialling.dial, b->app->config, b->route, COMMAND_BIND, &peer);
	if (rc == ERR_PROXY_ADDRESS && !b->ipv6_alone) {
		peer = (struct addr){.kind = ADDR_IPV4};
		rc = dial_begin(&b->dialling.dial, b->app->config, b->route, COMMAND_BIND, &peer);
	}
	return b->dialling.want = rc;
}

void binding_tell(const struct binding *b, const struct endpoint *where)
{
	char text[ADDR_TEXT];
	struct addr at;

	if (addr_from_sockaddr(&at, &where->sa, sizeof(*where)))
		log_line(LOG_INFO, "listening at '%s' via '%s'", addr_string(&at, text), b->route->name);
}

static bool resume(struct job *j)
{
	const struct binding *const b = JOB_OF(struct binding, pausing, j);

	return clock_now() < j->limit && b->owner.is_wanted(b);
}

static void resumed(struct job *j)
{
	struct binding *const b = JOB_OF(struct binding, pausing, j);

	if (b->owner.goes_on(b))
		binding_begin(b);
}

/* Try again later, whatever it is: the program waits, and a proxy that was started anew may do what it did before. */
static void fail(struct binding *b, int rc)
{
	b->owner.failed(b, rc);
	b->owner.dials(b, -1);
	own_close(b->dialling.job.fd);
	b->dialling.job.fd = -1;
	if (!b->owner.goes_on(b))
		return;
	b->pause_ms = b->pause_ms ? 2 * b->pause_ms : PAUSE_MS;
	if (b->pause_ms > PAUSE_MOST_MS)
		b->pause_ms = PAUSE_MOST_MS;
	b->pausing = (struct job){.step = resume, .end = resumed, .fd = -1, .limit = clock_in_ms(b->pause_ms)};
	engine_submit(&b->pausing);
}

static void arrived(struct dial_job *j)
{
	struct binding *const b = j->owner;
	const int carrier = j->job.fd;

	if (j->want != DIAL_DONE || !b->owner.is_wanted(b)) {
		fail(b, j->want);
		return;
	}
	b->owner.dials(b, -1);
	j->job.fd = -1;
	const int rc = b->owner.arrived(b, carrier);
	if (rc) { /* at once the next might come to the same, and so on */
		own_close(carrier);
		fail(b, rc);
	} else if (b->owner.goes_on(b)) {
		binding_begin(b);
	}
}

void binding_await_peer(struct binding *b)
{
	b->dialling.want = dial_await_peer(&b->dialling.dial);
	b->dialling.end = arrived;
	dial_start(&b->dialling);
}

static void bound(struct dial_job *j)
{
	struct binding *const b = j->owner;

	const int rc = j->want ? dial_bind_failure(&j->dial, j->want) : read_place(b);
	if (rc) {
		fail(b, rc);
		return;
	}
	b->pause_ms = 0;
	if (b->owner.bound(b))
		binding_await_peer(b);
}

void binding_begin(struct binding *b)
{
	begin_dial(b);
	b->dialling.end = bound;
	dial_start(&b->dialling);
}

bool binding_is_ipv6_alone(int fd)
{
	int alone = false;
	socklen_t len = sizeof(alone);

	return sys.getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, &len) == 0 && alone;
}

int binding_wait(struct binding *b)
{
	int rc = begin_dial(b);

	if (rc)
		return rc;
	do
		rc = dial_wait(&b->dialling, 1, INT64_MAX);
	while (rc == -EINTR);
	if (rc)
		return dial_bind_failure(&b->dialling.dial, rc);
	return read_place(b);
}
