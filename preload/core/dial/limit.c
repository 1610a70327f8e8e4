/* SPDX-License-Identifier: MIT */
/* limit: the hop's time, the dial's, and what is left of that for another path. */
#include "core/dial/limit.h"

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/dial/ahead.h"

/* True if another path may be better than to wait. */
static bool has_others(const struct dial *d)
{
	return d->path.n && d->path.route && d->stage != DIAL_STANDS;
}

/* True while the last hop, which has spoken, waits for the target, and another path could be tried instead. */
static bool waits_in_doubt(const struct dial *d)
{
	return has_others(d) && d->heard && tunnel_awaits_target(&d->tunnel);
}

/* Returns until when to wait in doubt: the last quarter of the time is for another path, unless this one began in it. */
static int64_t doubt_ends(const struct dial *d)
{
	const int64_t end = d->deadline - (int64_t)d->timeout_ms * NS_PER_MS / 4;

	return d->started < end ? end : d->deadline;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t path_limit(const struct dial *d)
{
	const bool hop = d->path.n && d->stage != DIAL_STANDS && !tunnel_awaits_target(&d->tunnel);

	if (waits_in_doubt(d))
		return earlier(d->hop_deadline, doubt_ends(d));
	return hop || has_others(d) ? earlier(d->hop_deadline, d->deadline) : d->deadline;
}

int64_t dial_limit(const struct dial *d)
{
	if (d->held)
		return earlier(d->held, d->deadline);
	return earlier(path_limit(d), ahead_limit(d));
}

/* All hops live, as far as is known, and the target may be slow. Returns 0 with a new limit unless time is up, or one of them is dead. */
static int doubt(struct dial *d)
{
	const size_t dead = path_dead(&d->path, d->tunnel.at, d->started);

	if (dead <= d->tunnel.at) {
		d->tunnel.at = dead;
		return ERR_PROXY_SILENT;
	}
	if (clock_now() >= doubt_ends(d))
		return tunnel_overdue(&d->tunnel);
	d->hop_deadline = clock_in_ms(d->hop_timeout_ms);
	return 0;
}

int dial_overdue(struct dial *d)
{
	if (dial_limit(d) == ahead_limit(d))
		return ERR_PROXY_SILENT;
	if (waits_in_doubt(d))
		return doubt(d);
	return dial_limit(d) == d->deadline && !tunnel_awaits_target(&d->tunnel) ? ERR_TIMED_OUT : tunnel_overdue(&d->tunnel);
}
