/* SPDX-License-Identifier: MIT */
/* relays: dial each hop of a chain by itself, ask it for a relay, and put the answers together. */
#include "core/dial/relays.h"

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/dial/bound.h"
#include "core/dial/report.h"

/* Make a socket with keep-alive: it may stand for days without a byte, and we must notice a middlebox that forgets it. */
static int make_socket(struct dial_job *j, int family)
{
	const int fd = dial_make(j, family);

	if (fd >= 0)
		sys.setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
	return fd;
}

/* Translate a failure: a proxy that accepts us, hears the request and hangs up (ssh -D) does not know the command. */
static int meaning(const struct dial_job *j, int rc)
{
	const bool asked = tunnel_requested(&j->dial.tunnel);

	return rc == ERR_PROXY_COMMAND || (rc == ERR_PROXY_CLOSED && asked) ? ERR_UDP_UNSUPPORTED : rc;
}

static int go(struct dial_job *j)
{
	const struct relays *all = j->owner;
	struct addr at;

	if (all->rc)
		return all->rc;
	const int want = meaning(j, dial_next(&j->dial, j->job.fd));
	return want == DIAL_DONE ? bound_relay(&j->dial, all->app, &at) : want;
}

static const struct addr anywhere = {.kind = ADDR_IPV4};

/* Prepare to ask the last of the path's first `hops` proxies for a relay. */
static int begin(struct dial_job *j, size_t hops, struct relays *owner)
{
	*j = (struct dial_job){.job.fd = -1, .go = go, .make = make_socket, .owner = owner};
	j->want = dial_begin_along(&j->dial, owner->app->config, owner->route, owner->path.hops, hops, COMMAND_ASSOCIATE, &anywhere);
	j->dial.deadline = owner->deadline;
	return j->want;
}

static size_t size_for(size_t n)
{
	return sizeof(struct relays) + n * sizeof(struct dial_job);
}

/* Record the first failure, which counts for all. */
static void failed(struct relays *r, size_t i)
{
	if (r->rc)
		return;
	r->rc = r->of[i].want;
	r->worst = dial_setback(&r->of[i].dial, r->of[i].want);
	r->failed = i;
}

static struct relays *make(const struct app *app, const struct route *route, size_t n)
{
	struct relays *r = pages_take(size_for(n));

	if (!r)
		return NULL;
	r->app = app;
	r->route = route;
	r->size = size_for(n);
	r->deadline = clock_in_ms(app->config->timeout_ms);
	return r;
}

static void close_all(struct relays *r)
{
	for (size_t i = 0; i < r->n; i++)
		own_close(r->of[i].job.fd);
	r->n = 0;
}

static void begin_all(struct relays *r)
{
	for (r->n = 0; r->n < r->path.n && !r->rc; r->n++)
		if (begin(&r->of[r->n], r->n + 1, r))
			failed(r, r->n);
}

/* Begin along the path that comes after the one that failed. Returns false, after a word in the log, if there is none; or if nobody waits any
 * more, or anything but a proxy failed. */
static bool again(struct relays *r)
{
	for (int rc = r->rc; rc; rc = r->rc) {
		if (rc != r->worst.rc)
			return false;
		const struct dial *const d = &r->of[r->failed].dial;
		const struct attempt a = dial_attempt(d);
		if (!path_next(&r->path, &r->worst)) {
			dial_report(d, rc);
			return false;
		}
		dial_report_attempt(d, &a, rc);
		close_all(r);
		if (atomic_compare_exchange_strong(&r->rc, &rc, 0))
			begin_all(r);
	}
	return true;
}

static struct relays *refuse(int *rc, int why)
{
	*rc = why;
	return NULL;
}

struct relays *relays_new(const struct app *app, const struct route *route, int *rc)
{
	const size_t longest = route_longest(route);
	struct relays *r = longest <= RELAYS_MAX ? make(app, route, longest) : NULL;

	if (!r)
		return refuse(rc, longest <= RELAYS_MAX ? -ENOBUFS : ERR_UDP_UNSUPPORTED);
	*rc = path_begin(&r->path, route, COMMAND_ASSOCIATE, &anywhere) ? 0 : ERR_UDP_UNSUPPORTED;
	if (*rc == 0)
		begin_all(r);
	if (r->rc && !again(r))
		*rc = r->rc;
	if (*rc == 0)
		return r;
	relays_free(r);
	return NULL;
}

void relays_free(struct relays *r)
{
	close_all(r);
	pages_free(r, r->size);
}

static int wait_once(struct relays *r)
{
	const int rc = dial_wait(r->of, r->n, INT64_MAX);

	for (size_t i = 0; i < r->n; i++)
		if (r->of[i].want < 0)
			failed(r, i);
	return rc;
}

int relays_wait(struct relays *r)
{
	int rc;

	do
		rc = wait_once(r);
	while (r->rc && again(r));
	return r->rc ? r->rc : rc;
}

void relays_abandon(struct relays *r)
{
	r->rc = -ECANCELED;
}

/* Shut the connections down: the engine then steps each at once, whatever it waits for. */
static void hang_up(struct relays *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->of[i].job.fd >= 0)
			sys.shutdown(r->of[i].job.fd, SHUT_RDWR);
}

static void start_all(struct relays *r);

static void ended(struct dial_job *j)
{
	struct relays *r = j->owner;

	if (j->want < 0 && !r->rc) {
		failed(r, (size_t)(j - r->of));
		hang_up(r);
	}
	if (--r->left)
		return;
	if (r->rc && again(r))
		start_all(r);
	else
		r->done(r, r->arg);
}

static void start_all(struct relays *r)
{
	const size_t n = r->n;

	r->left = n;
	for (size_t i = 0; i < n; i++) {
		r->of[i].end = ended;
		dial_start(&r->of[i]);
	}
}

void relays_start(struct relays *r, void (*done)(struct relays *, void *), void *arg)
{
	r->done = done;
	r->arg = arg;
	start_all(r);
}

int relays_chained(const struct relays *r, struct udp_relay *to, int family)
{
	SCRATCH(room);
	struct addr *const hops = scratch_take(&room, r->n * sizeof(*hops));

	if (!hops)
		return -ENOBUFS;
	for (size_t i = 0; i < r->n; i++) {
		bound_relay(&r->of[i].dial, r->app, &hops[i]);
		path_answered(&r->path, i, 0);
	}
	return udp_relay_through(to, hops, r->n, family);
}

void relays_take(struct relays *r, int *fds)
{
	for (size_t i = 0; i < r->n; i++) {
		fds[i] = r->of[i].job.fd;
		r->of[i].job.fd = -1;
	}
}

int relays_try(const struct app *app, const struct route *route, size_t hops, struct addr *at)
{
	struct relays *r = make(app, route, 1);

	if (!r)
		return -ENOBUFS;
	path_pin(&r->path, route->hops, hops, COMMAND_ASSOCIATE, &anywhere);
	r->n = 1;
	int rc = begin(&r->of[0], hops, r);
	if (rc == 0)
		rc = dial_wait(r->of, 1, INT64_MAX);
	if (rc == 0 || rc == ERR_PROXY_RELAY)
		bound_relay(&r->of[0].dial, app, at);
	relays_free(r);
	return rc;
}
