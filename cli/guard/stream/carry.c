/* SPDX-License-Identifier: MIT */
/* carry: a dial job on the engine, and the thread that waits for it. */
#include "cli/guard/stream/carry.h"

#include <stdlib.h>
#include <utlist.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/stand_in.h"
#include "cli/guard/stream/fill.h"
#include "cli/guard/stream/memo.h"
#include "cli/guard/stream/relay.h"
#include "cli/guard/stream/timeout.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/clone.h"
#include "core/dial/job.h"
#include "core/dial/report.h"
#include "core/journal/dials.h"
#include "core/journal/journal.h"

struct carry {
	struct dial_job dialling;
	struct notice waiter;                 /* the latest connect(2) of the socket, */
	bool awaited;                         /* whether it waits for the end, */
	bool told;                            /* or has heard that there is something to wait for */
	struct notice asker;                  /* a call to serve at the end, */
	void (*serve)(const struct notice *); /* by this; NULL: none */
	struct fill fill;                     /* the command's socket seems to be connecting: without an end, it is dialled itself */
	struct guest_socket socket;
	const struct app *app;
	int number; /* of the socket, in the command */
	int lowat;  /* SO_RCVLOWAT to restore, if not 0 */
	bool abandoned;
	struct endpoint to;
	struct carry *next, *prev;
};

enum { WAITING_MAX = 256 }; /* threads that wait for a late answer, before others are relayed: Go ends itself when it has 10,000 */

enum { ROWS = 4096 };

static struct carry *carries[ROWS]; /* by the socket's cookie */
static int waiting;

static struct carry **row_of(uint64_t cookie)
{
	return &carries[cookie % ROWS];
}

static struct carry *find(const struct guest_socket *s)
{
	struct carry *c;

	DL_FOREACH(*row_of(s->cookie), c)
		if (c->socket.cookie == s->cookie && !c->abandoned)
			break;
	return c;
}

static bool has_clone(const struct carry *c)
{
	return c->dialling.job.fd >= 0 && c->dialling.job.fd != c->socket.fd;
}

/* Returns the socket to dial: the command's own if that can reach the first hop, else a clone. */
static int make(struct dial_job *j, int family)
{
	struct carry *const c = j->owner;

	if (has_clone(c))
		own_close(j->job.fd);
	const int fd = family == c->socket.family ? c->socket.fd : clone_make(c->socket.fd, family);
	j->job.fd = fd;
	return fd;
}

static int go(struct dial_job *j)
{
	struct carry *const c = j->owner;

	return c->abandoned ? -ECANCELED : dial_next(&j->dial, j->job.fd);
}

static void report(const struct carry *c, int rc)
{
	journal_use(c->app->program);
	journal_dial(&c->dialling.dial, c->dialling.job.fd, rc);
	if (!log_wants(rc && err_whose(rc) == ERR_OF_PROXY ? LOG_ERROR : LOG_INFO) || c->abandoned)
		return;
	guest_speak(&c->waiter);
	dial_report(&c->dialling.dial, rc);
	guest_hush();
}

/* Put the command's own socket in order. Returns how the connect ended. */
static int settle(struct carry *c, int rc)
{
	if (rc == 0 && has_clone(c))
		rc = notice_place(&c->waiter, c->dialling.job.fd, c->number, guest_closes_on_exec(&c->waiter, c->number));
	if (c->lowat)
		sys.setsockopt(c->dialling.job.fd, SOL_SOCKET, SO_RCVLOWAT, &c->lowat, sizeof(c->lowat));
	if (rc < 0 && !c->abandoned) /* else it may be connecting anew */
		dial_clear(c->socket.fd);
	else if (rc == 0 && has_clone(c)) {
		c->socket.cookie = socket_cookie(c->dialling.job.fd);
		stand_in_know(c->dialling.job.fd);
	}
	return rc;
}

/* The same for a socket that is relayed. What it is to be told must be known before it wakes. */
static int settle_relayed(struct carry *c, int rc)
{
	if (rc == 0)
		rc = relay_start(c->fill.end, c->dialling.job.fd, c->fill.junk);
	if (rc == 0) {
		c->dialling.job.fd = -1;
		fill_end(&c->fill, &c->socket);
	}
	return rc;
}

/* Remember what getpeername(2) is to say; and, unless the caller hears of it, how the connect ended. */
static void remember(const struct carry *c, int rc, bool heard)
{
	const bool chained = c->dialling.dial.route->kind == ROUTE_CHAIN || c->dialling.dial.found.n || c->fill.end >= 0;
	struct memo *const m = memo_make(c->socket.cookie);

	if (rc == 0 && chained)
		m->peer = c->to;
	if (rc == 0)
		bound_name_learn(has_clone(c) ? (int)c->dialling.job.fd : c->socket.fd, c->app, &c->dialling.dial);
	m->news = !heard;
	m->result = rc;
	m->error = heard || rc == 0 ? 0 : err_errno(rc);
}

static void free_carry(struct carry *c)
{
	if (has_clone(c))
		own_close(c->dialling.job.fd);
	socket_drop(&c->socket);
	free(c);
}

/* The command's socket polls like one that was refused; but if its caller waits to hear that, like one that never connected. */
static void reset(struct carry *c)
{
	fill_fail(&c->fill);
	if (c->awaited && !c->abandoned)
		dial_clear(c->socket.fd);
}

static void ended(struct dial_job *j)
{
	struct carry *const c = j->owner;
	const bool relayed = c->fill.end >= 0;
	const int want = c->abandoned ? -ECANCELED : j->want;

	DL_DELETE(*row_of(c->socket.cookie), c); /* first: another socket may take this one's place */
	const int rc = relayed ? settle_relayed(c, want) : settle(c, want);
	stand_in_let_go(&c->socket);
	waiting -= !relayed;
	report(c, rc);
	if (!c->abandoned)
		remember(c, rc, c->awaited); /* first: the answer lets the command go on */
	if (relayed && rc < 0)
		reset(c);
	if (c->awaited && !notice_answer(&c->waiter, rc) && !c->abandoned)
		remember(c, rc, false);
	if (c->serve)
		c->serve(&c->asker);
	free_carry(c);
}

static int begin(struct carry *c, const struct carry_call *call)
{
	struct dial *const d = &c->dialling.dial;
	const int rc = dial_begin(d, call->app->config, call->route, COMMAND_CONNECT, call->target);

	if (call->route->kind == ROUTE_DIRECT && call->target->kind != ADDR_NAME)
		d->deadline = INT64_MAX; /* the kernel's patience, as without us */
	return rc;
}

/* Choose what is dialled: the command's own socket, or another, to which that one is relayed. */
static void choose(struct carry *c, const struct carry_call *call)
{
	const bool waits = !(c->socket.flags & O_NONBLOCK), is_local = c->dialling.dial.first.kind == ADDR_UNIX;

	c->fill.end = -1;
	if (call->relayed || is_local || (!waits && waiting >= WAITING_MAX))
		fill_begin(&c->fill, &c->socket);
	c->awaited = waits || c->fill.end < 0;
	if (c->fill.end >= 0)
		return;
	waiting++;
	c->dialling.make = make;
	dial_on(&c->dialling.dial, c->socket.family, c->socket.flags);
	c->lowat = socket_lower_lowat(&c->socket);
}

/* Let a call go on that need not wait. If a signal interrupts it first, it is made anew, and must be told the same. */
static long tell(struct carry *c, const struct notice *r)
{
	c->told = notice_answer(r, -EINPROGRESS);
	return NOTICE_LATER;
}

static struct carry *find_waiter(uint64_t id)
{
	struct carry *c;

	for (int i = 0; i < ROWS; i++)
		DL_FOREACH(carries[i], c)
			if (c->awaited && c->waiter.id == id)
				return c;
	return NULL;
}

/* The time for which a call waits is over; the dial goes on. */
static void tell_by_notice(uint64_t id)
{
	struct carry *const c = find_waiter(id);

	if (!c)
		return;
	c->awaited = false;
	if (c->told)
		notice_answer(&c->waiter, -EALREADY);
	else
		tell(c, &c->waiter);
}

static void expect(const struct carry *c)
{
	const int64_t patience = c->fill.end >= 0 ? socket_patience(&c->socket) : 0;

	if (patience)
		timeout_at(clock_now() + patience, tell_by_notice, c->waiter.id);
}

long carry_start(const struct carry_call *call)
{
	struct carry *const c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOBUFS;
	c->waiter = *call->notice;
	c->number = (int)call->notice->arg[0];
	c->socket = *call->socket;
	c->to = call->to;
	c->app = call->app;
	c->dialling = (struct dial_job){.job.fd = -1, .go = go, .make = dial_make, .end = ended, .owner = c};
	const int rc = begin(c, call);
	if (rc) {
		free(c);
		return guest_refuse(call->notice, call->target, rc);
	}
	call->socket->fd = -1;
	stand_in_keep(&c->socket);
	memo_drop(c->socket.cookie);
	choose(c, call);
	DL_APPEND(*row_of(c->socket.cookie), c);
	dial_start(&c->dialling);
	if (!c->awaited)
		return tell(c, call->notice);
	expect(c);
	return NOTICE_LATER;
}

static long wait_for(struct carry *c, const struct notice *r, const struct guest_socket *s)
{
	const bool waits = !(s->flags & O_NONBLOCK);

	if (!waits && !c->told && !c->awaited)
		return tell(c, r);
	if (!waits || (c->awaited && notice_waits(&c->waiter)))
		return -EALREADY;
	c->awaited = true;
	c->waiter = *r;
	c->number = (int)r->arg[0];
	expect(c);
	return NOTICE_LATER;
}

long carry_join(const struct notice *r, const struct guest_socket *s)
{
	struct carry *const c = find(s);
	struct memo *const m = c ? NULL : memo_find(s->cookie);

	if (c)
		return wait_for(c, r, s);
	if (!m || !m->news)
		return NOTICE_PASS;
	if (m->result < 0 && m->result != -EINPROGRESS)
		dial_clear(s->fd); /* it may connect again, also if it was reset */
	m->news = !notice_answer(r, m->result);
	m->error = m->news ? m->error : 0;
	return NOTICE_LATER;
}

bool carry_is_under_way(const struct guest_socket *s)
{
	return find(s);
}

bool carry_defer(const struct guest_socket *s, const struct notice *r, void (*f)(const struct notice *))
{
	struct carry *const c = find(s);

	if (!c || c->told || notice_waits(&c->waiter) || (c->serve && notice_waits(&c->asker)))
		return false;
	c->asker = *r;
	c->serve = f;
	return true;
}

void carry_abandon(const struct guest_socket *s)
{
	struct carry *const c = find(s);

	struct memo *const m = memo_find(s->cookie);

	if (c)
		c->abandoned = true; /* the disconnect that follows wakes the dial */
	if (!m)
		return;
	m->peer = (struct endpoint){0};
	m->news = false; /* only SO_ERROR tells of an error that there was */
}

long carry_tell(const struct notice *r, const struct guest_socket *s, int rc)
{
	if (!notice_answer(r, rc)) {
		struct memo *const m = memo_make(s->cookie);
		m->news = true;
		m->result = rc;
	}
	return NOTICE_LATER;
}
