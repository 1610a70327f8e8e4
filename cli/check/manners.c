/* SPDX-License-Identifier: MIT */
/* manners: what a hop let pass, and what other programs have learnt of it (core/route/early.h). */
#include "cli/check/manners.h"

#include "core/base/err.h"
#include "core/route/early.h"

/* True if the hop was asked for the next one, and it is that which failed. */
static bool went_on(const struct probe *p, size_t i)
{
	return i + 1 == p->reached && err_whose(p->rc) != ERR_OF_PROXY && p->rc;
}

static bool has_passed(const struct probe *p, size_t i)
{
	const bool last = i + 1 == p->n;

	return i + 1 < p->reached || (last ? p->works && (p->target || p->greeted) : went_on(p, i));
}

/* A proxy that asks for no user name lets in whoever tells one, right or wrong. */
static const char *login(const struct probe *p, size_t i)
{
	if (!p->route->hops[i]->has_credentials)
		return "asks for no password";
	switch (p->chose[i]) {
	case CHOSE_LOGIN:
		return "accepts the user name";
	case CHOSE_OPEN:
		return "asks for no user name, though it is given one";
	default:
		return "lets us in, and does not say whether by the user name";
	}
}

const char *manners_entry(const struct probe *p, size_t i)
{
	if (has_passed(p, i))
		return login(p, i);
	return p->reached <= i ? "not reached" : p->rc && p->at == i ? "does not let us in" : "not tried whether it lets us in";
}

const char *manners_pipelining(const struct proxy *hop)
{
	static const char *const learnt[] = {
		[EARLY_UNKNOWN] = "not learnt yet", [EARLY_KEPT] = "yes, as learnt", [EARLY_LOST] = "no, as learnt"};

	if (!proxy_can(hop, PROXY_EARLY))
		return "no";
	if (hop->pipeline != PIPELINE_AUTO)
		return hop->pipeline == PIPELINE_YES ? "yes, as configured" : "no, as configured";
	return learnt[early_of(hop, hop->kind == PROXY_SOCKS5 ? HABIT_WHOLE : HABIT_BEHIND)]; /* a request of SOCKS4 is whole by itself */
}
