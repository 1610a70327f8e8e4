/* SPDX-License-Identifier: MIT */
/* host: a BIND that nobody is to come to. */
#include "listen/host.h"

#include <errno.h>

#include "core/base/err.h"
#include "core/base/lock.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/dial/binding.h"
#include "core/dial/bound_name.h"

struct answer {
	const struct route *route;
	struct endpoint peer, host;
	int rc;
};

static struct {
	struct lock lock;
	struct answer of;
} newest;

/* Returns true if an earlier question was answered, or failed, for this one, too; a proxy that knows no BIND knows it for no peer. */
static bool find(struct answer *a)
{
	lock_take(&newest.lock);
	const struct answer *const n = &newest.of;
	const bool found = n->route == a->route && (n->rc == ERR_PROXY_COMMAND || endpoint_equal(&n->peer, &a->peer));
	if (found)
		*a = *n;
	lock_give(&newest.lock);
	return found;
}

static void keep(const struct answer *a)
{
	lock_take(&newest.lock);
	newest.of = *a;
	lock_give(&newest.lock);
}

static struct addr asks(struct binding *b)
{
	(void)b;
	return bound_name_target(NULL);
}

static void dials(struct binding *b, int fd)
{
	(void)b;
	(void)fd;
}

static bool is_wanted(const struct binding *b)
{
	return b;
}

static int ask(const struct app *app, int family, struct answer *a)
{
	struct binding *const b = pages_take(sizeof(*b));

	if (!b)
		return -ENOBUFS;
	*b = (struct binding){.owner = {.asks = asks, .dials = dials, .is_wanted = is_wanted},
			      .app = app,
			      .route = a->route,
			      .family = family,
			      .dialling.job.fd = -1};
	const int rc = binding_wait(b);
	a->host = b->next;
	own_close(b->dialling.job.fd);
	pages_free(b, sizeof(*b));
	return rc;
}

bool host_find(const struct app *app, const struct route *route, int family, const struct endpoint *peer, struct endpoint *host)
{
	struct answer a = {.route = route, .peer = *peer};

	if (!find(&a)) {
		a.rc = ask(app, family, &a);
		keep(&a);
	}
	*host = a.host;
	return a.rc == 0;
}
