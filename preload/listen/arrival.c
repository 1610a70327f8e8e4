/* SPDX-License-Identifier: MIT */
/* arrival: connect to the loopback socket for each peer, until there is no more room. */
#include "listen/arrival.h"

#include <limits.h>

#include "core/base/futex.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/loopback.h"
#include "core/dial/report.h"

static struct listener *of(const struct binding *b)
{
	return JOB_OF(struct listener, binding, b);
}

void arrival_release(struct listener *l)
{
	for (int i = 0; i < l->n; i++) {
		own_close(l->arrivals[i].carrier);
		own_close(l->arrivals[i].token);
	}
	own_close(l->binding.dialling.job.fd);
	pages_free(l, sizeof(*l));
}

/* The proxy is to expect the peer of the program's newest connection, which is active FTP's server. */
static struct addr asks(struct binding *b)
{
	of(b)->asking = true;
	return bound_name_target(NULL);
}

static void note(struct binding *b, int fd)
{
	struct listener *const l = of(b);

	lock_take(&l->lock);
	l->dialled = fd;
	lock_give(&l->lock);
}

static bool is_wanted(const struct binding *b)
{
	return of(b)->users;
}

static void heard(struct listener *l)
{
	l->asking = false;
	futex_wake(&l->asking, INT_MAX);
}

/* If nobody needs the listener any more, it is gone. */
static bool goes_on(struct binding *b)
{
	struct listener *const l = of(b);

	lock_take(&l->lock);
	const bool left = !l->users;
	l->full = l->n == ARRIVAL_ROOM;
	l->busy = !l->full;
	const bool on = l->busy && !left;
	lock_give(&l->lock);
	if (left)
		arrival_release(l);
	else if (!on)
		heard(l);
	return on;
}

static void failed(struct binding *b, int rc)
{
	struct listener *const l = of(b);

	heard(l);
	if (l->users)
		dial_report(&b->dialling.dial, rc);
}

/* Connect to the loopback socket, which wakes whoever waits for it. Returns 0 or -errno. */
static int announce(struct listener *l, struct arrival *a)
{
	struct sockaddr_storage to;
	struct addr own;

	a->token = loopback_socket(l->binding.family, SOCK_STREAM, &own);
	if (a->token < 0)
		return a->token;
	a->port = own.port;
	lock_take(&l->lock); /* accept() looks for the arrival, and finds it */
	l->arrivals[l->n++] = *a;
	const socklen_t len = addr_to_sockaddr(&l->at, &to, l->binding.family);
	const int rc = (int)sys_rc(sys_connect(a->token, (struct sockaddr *)&to, len));
	const bool fine = rc == 0 || rc == -EINPROGRESS;
	if (!fine)
		l->n--;
	lock_give(&l->lock);
	if (!fine)
		own_close(a->token);
	return fine ? 0 : rc;
}

static int arrived(struct binding *b, int carrier)
{
	struct listener *const l = of(b);
	struct arrival a = {.carrier = carrier, .name = b->next};

	l->asking = true; /* before the program hears of it, and asks for the address of the next */
	const int rc = binding_peer(b, carrier, &a.peer);
	return rc ? rc : announce(l, &a);
}

/* Where the proxy listens from now on, is what getsockname tells once nobody who came before waits. */
static bool bound(struct binding *b)
{
	struct listener *const l = of(b);

	lock_take(&l->lock);
	if (!endpoint_equal(&l->name, &b->next))
		binding_tell(b, &b->next);
	l->name = b->next;
	lock_give(&l->lock);
	heard(l);
	return true;
}

struct listener *arrival_listener(const struct app *app, const struct route *route, int family, bool ipv6_alone)
{
	struct listener *const l = pages_take(sizeof(*l));

	if (!l)
		return NULL;
	l->users = 1;
	l->owner = getpid();
	l->binding = (struct binding){.owner = {asks, note, is_wanted, bound, arrived, failed, goes_on},
				      .app = app,
				      .route = route,
				      .family = family,
				      .ipv6_alone = ipv6_alone,
				      .dialling.job.fd = -1};
	return l;
}
