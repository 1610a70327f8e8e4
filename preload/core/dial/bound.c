/* SPDX-License-Identifier: MIT */
/* bound: compare the address that a proxy names with the one that it was reached at. */
#include "core/dial/bound.h"

#include "core/base/err.h"

/* Returns the address at which we, or the hop before it, reach the last hop. */
static struct addr own_address(const struct dial *d)
{
	const struct path *p = &d->path;
	const struct addr own = p->n == 1 ? d->first : p->hops[p->n - 1]->addr;

	return own.kind == ADDR_UNIX ? addr_loopback(AF_INET, 0) : own;
}

/* True if the hop says no more than that its relay is on its own machine: it leaves the address open, names one that only itself can use,
 * or one that we would have to look up. */
static bool means_itself(const struct addr *bound, const struct addr *own)
{
	return addr_is_unspecified(bound) || bound->kind == ADDR_NAME || (addr_is_loopback(bound) && !addr_is_loopback(own));
}

static bool is_believed(const struct dial *d, const struct app *app, const struct addr *bound, const struct addr *own)
{
	/* What goes directly from here does not from the hop before, where the same address may be another machine. */
	const bool ours = d->path.n == 1;

	return addr_equal(bound, own) || app->config->udp_relay == UDP_RELAY_ANY || (ours && decide_is_direct(app, bound, true));
}

int bound_relay(const struct dial *d, const struct app *app, struct addr *at)
{
	struct addr bound, own = own_address(d);
	const bool told = tunnel_bound(&d->tunnel, &bound);

	if (told)
		own.port = bound.port;
	*at = own;
	if (!told || means_itself(&bound, &own))
		return 0;
	/* A hop known by name was found by the hop before: which address that is we cannot tell, but the name leads nowhere else. */
	if (own.kind == ADDR_NAME && app->config->udp_relay != UDP_RELAY_ANY)
		return 0;
	*at = bound;
	return is_believed(d, app, &bound, &own) ? 0 : ERR_PROXY_RELAY;
}
