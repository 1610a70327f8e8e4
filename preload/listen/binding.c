/* SPDX-License-Identifier: MIT */
/* binding: one dial after the other, each with two ends: where the proxy listens, and who has come. */
#include "listen/binding.h"

#include <limits.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/bind.h"
#include "core/dial/loopback.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "fd/bound_name.h"

enum { PAUSE_MS = 1000, PAUSE_MOST_MS = 60000 };

void binding_release(struct listener *l)
{
	for (int i = 0; i < l->n; i++) {
		own_close(l->arrivals[i].carrier);
		own_close(l->arrivals[i].token);
	}
	own_close(l->dialling.job.fd);
	pages_free(l, sizeof(*l));
}

static void note(struct listener *l, int fd)
{
	lock_take(&l->lock);
	l->dialled = fd;
	lock_give(&l->lock);
}

static int make(struct dial_job *j, int family)
{
	note(j->owner, -1);
	const int fd = dial_make(j, family);
	note(j->owner, fd);
	return fd;
}

static void heard(struct listener *l)
{
	l->asking = false;
	futex_wake(&l->asking, INT_MAX);
}

/* The engine has ended a job. Returns true if it is to have another; else it has none, and if nobody needs the listener any more, that is
 * gone. */
static bool goes_on(struct listener *l)
{
	lock_take(&l->lock);
	const bool left = !l->users;
	l->full = l->n == BINDING_ROOM;
	l->busy = !l->full;
	const bool on = l->busy && !left;
	lock_give(&l->lock);
	if (left)
		binding_release(l);
	else if (!on)
		heard(l);
	return on;
}

/* Returns 0, or ERR_PROXY_ADDRESS for an address that the program's socket cannot have. */
static int read_name(const struct listener *l, int fd, struct endpoint *name)
{
	struct addr at;

	if (dial_bound(&l->dialling.dial, fd, &at) || (l->ipv6_alone && at.kind != ADDR_IPV6))
		return ERR_PROXY_ADDRESS;
	return endpoint_to(name, &at, l->family) ? 0 : ERR_PROXY_ADDRESS;
}

/* Nobody can come to port 0. */
static int read_place(struct listener *l)
{
	const int rc = read_name(l, l->dialling.job.fd, &l->next);

	return rc == 0 && !l->next.in4.sin_port ? ERR_PROXY_GARBLED : rc;
}

static int go_on(struct dial_job *j)
{
	const struct listener *const l = j->owner;

	return l->users ? dial_next(&j->dial, j->job.fd) : -ECANCELED;
}

/* The proxy is to expect the peer of the program's newest connection, which is active FTP's server; but from an address by which the
 * program's socket could hear of it. */
static struct addr expected(const struct listener *l)
{
	const struct addr peer = bound_name_target();

	if (l->ipv6_alone)
		return peer.kind == ADDR_IPV6 ? peer : (struct addr){.kind = ADDR_IPV6};
	return peer.kind == ADDR_IPV6 && l->family == AF_INET ? (struct addr){.kind = ADDR_IPV4} : peer;
}

static int begin_dial(struct listener *l)
{
	struct addr peer = expected(l);

	note(l, -1);
	l->dialling = (struct dial_job){.job.fd = -1, .make = make, .go = go_on, .owner = l};
	int rc = dial_begin(&l->dialling.dial, l->app->config, l->route, COMMAND_BIND, &peer);
	if (rc == ERR_PROXY_ADDRESS && !l->ipv6_alone) {
		peer = (struct addr){.kind = ADDR_IPV4};
		rc = dial_begin(&l->dialling.dial, l->app->config, l->route, COMMAND_BIND, &peer);
	}
	return l->dialling.want = rc;
}

void binding_tell(const struct listener *l, const struct endpoint *name)
{
	char text[ADDR_TEXT];
	struct addr at;

	if (addr_from_sockaddr(&at, &name->sa, sizeof(*name)))
		log_line(LOG_INFO, "listening at '%s' via '%s'", addr_string(&at, text), l->route->name);
}

static bool resume(struct job *j)
{
	return clock_now() < j->limit;
}

static void resumed(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, pausing, j);

	if (goes_on(l))
		binding_begin(l);
}

/* Try again later, whatever it is: the program waits, and a proxy that was started anew may do what it did before. */
static void fail(struct listener *l, int rc)
{
	heard(l);
	if (l->users)
		dial_report(&l->dialling.dial, rc);
	note(l, -1);
	own_close(l->dialling.job.fd);
	l->dialling.job.fd = -1;
	if (!goes_on(l))
		return;
	l->pause_ms = l->pause_ms ? 2 * l->pause_ms : PAUSE_MS;
	if (l->pause_ms > PAUSE_MOST_MS)
		l->pause_ms = PAUSE_MOST_MS;
	l->pausing = (struct job){.step = resume, .end = resumed, .fd = -1, .limit = clock_in_ms(l->pause_ms)};
	engine_submit(&l->pausing);
}

/* Connect to the loopback socket, which wakes whoever waits for it. Returns 0 or -errno. */
static int announce(struct listener *l, struct arrival *a)
{
	struct sockaddr_storage to;
	struct addr own;

	a->token = loopback_socket(l->family, SOCK_STREAM, &own);
	if (a->token < 0)
		return a->token;
	a->port = own.port;
	lock_take(&l->lock); /* accept() looks for the arrival, and finds it */
	l->arrivals[l->n++] = *a;
	const socklen_t len = addr_to_sockaddr(&l->at, &to, l->family);
	const int rc = (int)sys_rc(sys_connect(a->token, (struct sockaddr *)&to, len));
	const bool fine = rc == 0 || rc == -EINPROGRESS;
	if (!fine)
		l->n--;
	lock_give(&l->lock);
	if (!fine)
		own_close(a->token);
	return fine ? 0 : rc;
}

static void arrived(struct dial_job *j)
{
	struct listener *const l = j->owner;
	struct arrival a = {.carrier = j->job.fd, .name = l->next};

	if (j->want != DIAL_DONE || !l->users) {
		fail(l, j->want);
		return;
	}
	note(l, -1);
	j->job.fd = -1;
	l->asking = true; /* before the program hears of it, and asks for the address of the next */
	int rc = read_name(l, a.carrier, &a.peer);
	if (rc == 0)
		rc = announce(l, &a);
	if (rc) { /* at once the next might come to the same, and so on */
		own_close(a.carrier);
		fail(l, rc);
	} else if (goes_on(l)) {
		binding_begin(l);
	}
}

void binding_await_peer(struct listener *l)
{
	l->dialling.want = dial_await_peer(&l->dialling.dial);
	l->dialling.end = arrived;
	dial_start(&l->dialling);
}

/* Where the proxy listens from now on, is what getsockname tells once nobody who came before waits. */
static void bound(struct dial_job *j)
{
	struct listener *const l = j->owner;

	const int rc = j->want ? dial_bind_failure(&j->dial, j->want) : read_place(l);
	if (rc) {
		fail(l, rc);
		return;
	}
	l->pause_ms = 0;
	lock_take(&l->lock);
	if (!endpoint_equal(&l->name, &l->next))
		binding_tell(l, &l->next);
	l->name = l->next;
	lock_give(&l->lock);
	heard(l);
	binding_await_peer(l);
}

void binding_begin(struct listener *l)
{
	l->asking = true;
	begin_dial(l);
	l->dialling.end = bound;
	dial_start(&l->dialling);
}

int binding_wait(struct listener *l)
{
	int rc = begin_dial(l);

	if (rc)
		return rc;
	do
		rc = dial_wait(&l->dialling, 1, INT64_MAX);
	while (rc == -EINTR);
	if (rc)
		return dial_bind_failure(&l->dialling.dial, rc);
	return read_place(l);
}
