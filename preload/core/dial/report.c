/* SPDX-License-Identifier: MIT */
/* report: a line about the target, the route, and the hop at which it ended. */
#include "core/dial/report.h"

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/scratch.h"
#include "core/names/origin.h"

/* Append the address, and the name that a DNS server gave it for. */
static void add_target(struct text *t, const struct addr *target)
{
	struct addr name;

	addr_text(target, t);
	if (target->kind != ADDR_NAME && origin_get(target, &name))
		text_add(t, " (%s)", name.name);
}

static void report(const struct dial *d, const struct attempt *a, enum log_level level, int rc)
{
	if (!log_wants(level))
		return;
	SCRATCH_TEXT(target, 2 * ADDR_TEXT);
	SCRATCH_TEXT(hop, PROXY_TEXT);
	struct addr bound;
	if (rc == ERR_PROXY_RELAY && tunnel_bound(&d->tunnel, &bound))
		addr_text(&bound, &target);
	else if (d->tunnel.command == COMMAND_ASSOCIATE)
		text_add(&target, "UDP");
	else if (d->tunnel.command == COMMAND_BIND && rc == ERR_PROXY_COMMAND)
		text_add(&target, "BIND"); /* the peer that the proxy is told to expect may be nobody's address */
	else
		add_target(&target, a->target);
	if (a->hop)
		proxy_text(a->hop, &hop);
	const bool asked = d->tunnel.command == COMMAND_RESOLVE || d->tunnel.command == COMMAND_RESOLVE_PTR;
	const struct log_connection c = {target.at, d->route->name, rc ? err_text(rc) : NULL,
					 (int)((clock_now() - d->began) / NS_PER_MS)};
	if (!rc)
		log_connection(level, &c, "%s '%s' via '%s' in %d ms", asked ? "resolved" : "connected to", target.at, c.via, c.ms);
	else
		log_connection(level, &c, "%s: '%s' via '%s'%s%s%s", c.result, target.at, c.via, hop.len ? " at '" : "", hop.at,
			       hop.len ? "'" : "");
}

struct attempt dial_attempt(const struct dial *d)
{
	return (struct attempt){
		.target = &path_request(&d->path)->target,
		.hop = d->tunnel.at < d->path.n ? d->path.hops[d->tunnel.at] : NULL,
	};
}

/* What a proxy cannot do it will not be able to do the next time either; and whether a general failure was its own or the destination's, who reads
 * of ECONNREFUSED cannot know. */
static enum log_level level_of(int rc)
{
	switch (rc) {
	case ERR_UDP_UNSUPPORTED:
	case ERR_PROXY_COMMAND:
	case ERR_TARGET_FAILED:
		return log_refusal_level(rc);
	default:
		return rc && err_whose(rc) == ERR_OF_PROXY ? LOG_ERROR : LOG_INFO;
	}
}

void dial_report(const struct dial *d, int rc)
{
	const struct attempt a = dial_attempt(d);

	report(d, &a, level_of(rc), rc);
}

void dial_report_attempt(const struct dial *d, const struct attempt *a, int rc)
{
	report(d, a, d->path.otherwise ? level_of(rc) : LOG_INFO, rc);
}
