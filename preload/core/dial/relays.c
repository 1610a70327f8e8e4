/* SPDX-License-Identifier: MIT */
/* relays: dial each hop of a chain by itself, ask it for a relay, and put the answers together. */
#include "core/dial/relays.h"

#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/dial/bound.h"

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

/* Prepare to ask the last of the first `hops` proxies for a relay. */
static int begin(struct dial_job *j, const struct route *route, size_t hops, struct relays *owner)
{
	static const struct addr anywhere = {.kind = ADDR_IPV4};

	j->job.fd = -1;
	j->go = go;
	j->make = make_socket;
	j->owner = owner;
	return j->want = dial_begin_part(&j->dial, owner->app->config, route, hops, COMMAND_ASSOCIATE, &anywhere);
}

static size_t size_for(size_t n)
{
	return sizeof(struct relays) + n * sizeof(struct dial_job);
}

/* Record and log the first failure, which counts for all. */
static void failed(struct relays *r, const struct dial_job *j)
{
	if (r->rc)
		return;
	r->rc = j->want;
	dial_report(&j->dial, j->want);
}

static struct relays *make(const struct app *app, size_t n)
{
	struct relays *r = pages_take(size_for(n));

	if (!r)
		return NULL;
	r->app = app;
	r->n = n;
	return r;
}

struct relays *relays_new(const struct app *app, const struct route *route, int *rc)
{
	struct relays *r = route->n <= RELAYS_MAX ? make(app, route->n) : NULL;

	*rc = route->n <= RELAYS_MAX ? -ENOBUFS : ERR_UDP_UNSUPPORTED;
	if (!r)
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		if (begin(&r->of[i], route, i + 1, r))
			failed(r, &r->of[i]);
	*rc = r->rc;
	if (!r->rc)
		return r;
	relays_free(r);
	return NULL;
}

void relays_free(struct relays *r)
{
	for (size_t i = 0; i < r->n; i++)
		own_close(r->of[i].job.fd);
	pages_free(r, size_for(r->n));
}

int relays_wait(struct relays *r)
{
	const int rc = dial_wait(r->of, r->n, INT64_MAX);

	for (size_t i = 0; i < r->n; i++)
		if (r->of[i].want < 0)
			failed(r, &r->of[i]);
	return rc;
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

static void ended(struct dial_job *j)
{
	struct relays *r = j->owner;

	if (j->want < 0 && !r->rc) {
		failed(r, j);
		hang_up(r);
	}
	if (--r->left == 0)
		r->done(r, r->arg);
}

void relays_start(struct relays *r, void (*done)(struct relays *, void *), void *arg)
{
	const size_t n = r->n;

	r->left = n;
	r->done = done;
	r->arg = arg;
	for (size_t i = 0; i < n; i++) {
		r->of[i].end = ended;
		dial_start(&r->of[i]);
	}
}

int relays_chained(const struct relays *r, struct udp_relay *to, int family)
{
	SCRATCH(room);
	struct addr *const hops = scratch_take(&room, r->n * sizeof(*hops));

	if (!hops)
		return -ENOBUFS;
	for (size_t i = 0; i < r->n; i++)
		bound_relay(&r->of[i].dial, r->app, &hops[i]);
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
	struct relays *r = make(app, 1);
	int rc = r ? begin(&r->of[0], route, hops, r) : -ENOBUFS;

	if (rc == 0)
		rc = dial_wait(r->of, 1, INT64_MAX);
	if (rc == 0 || rc == ERR_PROXY_RELAY)
		bound_relay(&r->of[0].dial, app, at);
	if (r)
		relays_free(r);
	return rc;
}
