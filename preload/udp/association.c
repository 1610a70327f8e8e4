/* SPDX-License-Identifier: MIT */
/* association: keep account of one association: whether it may be tried, is being set up, stands, or has ended. */
#include "udp/association.h"

#include <limits.h>
#include <poll.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/interrupt.h"
#include "core/base/log.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/route/health.h"
#include "fd/hidden.h"
#include "udp/linger.h"

enum { CHECK_MS = 5, RETRY_MS = 1000 };

/* False if the protocol of some hop cannot carry UDP, so that none of them need be asked. */
static bool is_able(const struct route *route)
{
	const size_t i = route_able(route, PROXY_COMMANDS);

	if (i == route->n)
		return true;
	SCRATCH_TEXT(hop, PROXY_TEXT);
	proxy_text(route->hops[i], &hop);
	log_line(log_refusal_level(ERR_UDP_UNSUPPORTED), "%s: '%s' in '%s'", err_text(ERR_UDP_UNSUPPORTED), hop.at, route->name);
	return false;
}

int association_barred(const struct association *a)
{
	const int64_t now = clock_now();

	if (health_refuses_udp(a->route))
		return ERR_UDP_UNSUPPORTED;
	if (!is_able(a->route)) {
		health_refused_udp(a->route);
		return ERR_UDP_UNSUPPORTED;
	}
	return a->rc && now - a->failed < (int64_t)RETRY_MS * NS_PER_MS ? a->rc : 0;
}

static void set_state(struct association *a, enum association_state state)
{
	a->state = state;
	futex_wake(&a->state, INT_MAX);
}

void association_begun(struct association *a)
{
	linger_sweep();
	a->rc = 0;
	set_state(a, ASSOCIATION_MAKING);
}

int association_ended(struct association *a, struct relays *m, int rc, int family)
{
	if (rc == 0)
		rc = relays_chained(m, &a->relay, family);
	if (rc == 0) {
		relays_take(m, a->controls);
		a->n_controls = m->n;
		a->checked = clock_coarse();
		set_state(a, ASSOCIATION_READY);
		return 0;
	}
	if (rc == ERR_UDP_UNSUPPORTED)
		health_refused_udp(a->route);
	a->rc = rc == -EINTR ? 0 : rc;
	a->failed = clock_now();
	association_drop(a);
	return rc;
}

void association_drop(struct association *a)
{
	for (size_t i = 0; i < a->n_controls; i++)
		own_close(a->controls[i]);
	a->n_controls = 0;
	udp_queue_free(a->queue);
	a->queue = NULL;
	set_state(a, ASSOCIATION_NONE);
}

void association_retire(struct association *a)
{
	if (a->state != ASSOCIATION_READY)
		return;
	linger_take(a->controls, a->n_controls, a->checked);
	a->n_controls = 0;
	association_drop(a);
}

void association_check(struct association *a, bool now)
{
	struct pollfd polls[RELAYS_MAX];
	const int64_t time = clock_coarse();

	if (!now && time - a->checked < (int64_t)CHECK_MS * NS_PER_MS)
		return;
	a->checked = time;
	for (size_t i = 0; i < a->n_controls; i++)
		polls[i] = (struct pollfd){.fd = a->controls[i], .events = POLLIN | POLLRDHUP};
	/* Proxies never send anything on these connections: readable means ended. */
	if (poll(polls, a->n_controls, 0) != 0)
		association_drop(a);
}

int association_await(struct association *a)
{
	while (a->state == ASSOCIATION_MAKING)
		if (futex_wait(&a->state, ASSOCIATION_MAKING, NULL) == -EINTR && interrupt_ends_calls())
			return -EINTR;
	return 0;
}

void association_await_until(struct association *a, int64_t until)
{
	for (int64_t left = until - clock_now(); a->state == ASSOCIATION_MAKING && left > 0; left = until - clock_now())
		futex_wait(&a->state, ASSOCIATION_MAKING, &(struct timespec){left / NS_PER_S, left % NS_PER_S});
}

void association_forked(struct association *a)
{
	for (size_t i = 0; i < a->n_controls; i++)
		hidden_keep(a->controls[i]); /* the proxy keeps the association as long as either process holds these */
	a->checked = 0;                      /* this process has sent nothing yet */
	if (a->state != ASSOCIATION_MAKING)
		return;
	if (a->relays)
		relays_free(a->relays);
	a->relays = NULL;
	association_drop(a);
}
