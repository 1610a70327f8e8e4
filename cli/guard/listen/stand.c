/* SPDX-License-Identifier: MIT */
/* stand: the owner of a binding. */
#include "cli/guard/listen/stand.h"

#include <stdlib.h>
#include <utlist.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/listen/entrance.h"
#include "cli/guard/stream/relay.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/report.h"

enum { TICK_MS = 1000 };

struct asker {
	struct notice notice;
	void (*again)(const struct notice *, int rc);
	struct asker *next;
};

static struct stand *stands;

static struct stand *of(const struct binding *b)
{
	return JOB_OF(struct stand, binding, b);
}

struct stand *stand_of(const struct guest_socket *s)
{
	struct stand *p;

	DL_FOREACH(stands, p)
		if (p->cookie == s->cookie && !p->left)
			break;
	return p;
}

static void job_ends(struct stand *p)
{
	if (--p->jobs)
		return;
	DL_DELETE(stands, p);
	own_close(p->binding.dialling.job.fd);
	free(p);
}

/* Whoever waits is served again, or hears why not. */
static void wake(struct stand *p, int rc)
{
	struct asker *next = p->askers, *a;

	p->asking = false;
	p->askers = NULL;
	while ((a = next)) {
		next = a->next;
		if (notice_waits(&a->notice))
			a->again(&a->notice, rc);
		free(a);
	}
}

/* Its jobs find that, and end. */
void stand_leave(struct stand *p)
{
	p->left = true;
	if (p->binding.dialling.job.fd >= 0)
		sys.shutdown(p->binding.dialling.job.fd, SHUT_RDWR);
	engine_look();
	engine_hurry(&p->tick);
}

static bool is_free(const struct endpoint *at)
{
	const int fd = own_socket(at->sa.sa_family, SOCK_STREAM);
	const bool free = fd >= 0 && socket_bind(fd, at) == 0;

	own_close(fd);
	return free;
}

static bool is_awaited(const struct stand *p)
{
	const struct asker *a = p->askers;

	while (a && !notice_waits(&a->notice))
		a = a->next;
	return a;
}

/* A socket that is bound to no port is one on which a call waits. */
static bool is_closed(const struct stand *p)
{
	if (p->listens)
		return entrance_is_left(&p->bound);
	return !is_awaited(p) && (!p->bound.in4.sin_port || is_free(&p->bound));
}

static bool tick(struct job *j)
{
	struct stand *const p = JOB_OF(struct stand, tick, j);

	if (clock_now() >= j->limit) {
		j->limit = clock_in_ms(TICK_MS);
		if (!p->left && is_closed(p))
			stand_leave(p);
	}
	return !p->left;
}

static void ticked(struct job *j)
{
	job_ends(JOB_OF(struct stand, tick, j));
}

static struct addr asks(struct binding *b)
{
	of(b)->asking = true;
	return bound_name_target(b->app);
}

static void dials(struct binding *b, int fd)
{
	(void)b, (void)fd;
}

static bool is_wanted(const struct binding *b)
{
	return !of(b)->left;
}

static void tell(struct stand *p)
{
	if (!log_wants(LOG_INFO) || endpoint_equal(&p->name, &p->binding.next))
		return;
	guest_speak(&p->caller);
	binding_tell(&p->binding, &p->binding.next);
	guest_hush();
}

static bool bound(struct binding *b)
{
	struct stand *const p = of(b);
	const bool goes_on = p->listens;

	tell(p);
	p->name = b->next;
	if (!goes_on) /* until the program listens */
		p->jobs--;
	wake(p, 0);
	return goes_on;
}

static void failed(struct binding *b, int rc)
{
	struct stand *const p = of(b);

	if (p->left)
		return;
	guest_speak(&p->caller);
	dial_report(&b->dialling.dial, rc);
	guest_hush();
	const bool first = !endpoint_len(&p->name);
	wake(p, first ? rc : 0);
	if (first)
		stand_leave(p);
}

static bool goes_on(struct binding *b)
{
	struct stand *const p = of(b);

	if (!p->left && p->entering.fd < 0)
		return true;
	wake(p, 0);
	job_ends(p);
	return false;
}

static bool wait_for_room(struct job *j)
{
	return entrance_is_full(j->fd);
}

static void pass_on(int connection, int carrier)
{
	if (relay_start(connection, carrier, 0)) {
		own_close(connection);
		own_close(carrier);
	}
}

/* There is room: the next may come. */
static void entered(struct job *j)
{
	struct stand *const p = JOB_OF(struct stand, entering, j);

	pass_on(j->fd, p->carrier);
	j->fd = -1;
	if (p->left)
		job_ends(p);
	else
		binding_begin(&p->binding);
}

/* Let a peer in, or let it wait. */
static void enter(struct stand *p, int connection, int carrier)
{
	if (!entrance_is_full(connection)) {
		pass_on(connection, carrier);
		return;
	}
	p->entering = (struct job){.step = wait_for_room, .end = entered, .fd = connection, .limit = INT64_MAX};
	p->carrier = carrier;
	p->jobs++;
	engine_submit(&p->entering);
}

static int arrived(struct binding *b, int carrier)
{
	struct stand *const p = of(b);
	struct endpoint peer, to = b->next;
	int rc = binding_peer(b, carrier, &peer);

	to.in4.sin_port = p->bound.in4.sin_port; /* the proxy may have another now */
	const int connection = rc ? rc : entrance_connect(&peer, &to);
	if (connection == -ECONNREFUSED)
		stand_leave(p);
	if (connection < 0)
		return connection;
	entrance_keep(&peer, &b->next);
	enter(p, connection, carrier);
	return 0;
}

struct stand *stand_make(const struct guest_socket *s, const struct app *app, const struct route *route, const struct notice *caller)
{
	struct stand *const p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct stand){
		.binding = {.owner = {asks, dials, is_wanted, bound, arrived, failed, goes_on},
			    .app = app,
			    .route = route,
			    .family = s->family,
			    .ipv6_alone = binding_is_ipv6_alone(s->fd),
			    .dialling.job.fd = -1},
		.tick = {.step = tick, .end = ticked, .fd = -1, .limit = clock_in_ms(TICK_MS)},
		.entering.fd = -1,
		.cookie = s->cookie,
		.caller = *caller,
		.jobs = 2,
	};
	socket_address(s->fd, &p->bound);
	return p;
}

int stand_wait(struct stand *p, const struct notice *r, void (*again)(const struct notice *, int rc))
{
	struct asker *a = p->askers;

	while (a && notice_waits(&a->notice)) /* the place of one that a signal has ended is free */
		a = a->next;
	if (!a) {
		a = calloc(1, sizeof(*a));
		if (!a)
			return -ENOBUFS;
		LL_APPEND(p->askers, a);
	}
	a->notice = *r;
	a->again = again;
	return 0;
}

void stand_begin(struct stand *p)
{
	DL_APPEND(stands, p);
	engine_submit(&p->tick);
	binding_begin(&p->binding);
}

void stand_open(struct stand *p)
{
	p->listens = true;
	p->jobs++;
	binding_await_peer(&p->binding);
}
