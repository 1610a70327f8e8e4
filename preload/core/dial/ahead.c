/* SPDX-License-Identifier: MIT */
/* ahead: what is learnt from one dial helps the next. A proxy that loses early bytes is silent, and so is one whose target is slow: only
 * if the same target then answers soon, asked in turn, were the bytes lost. */
#include "core/dial/ahead.h"

#include <netinet/tcp.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/sys.h"
#include "core/route/early.h"

enum {
	WORTH_US = 10 * 1000, /* answers that are sooner here are not worth a risk */
	PATIENCE_MS = 200,    /* the least that a trial waits */
};

static bool is_ours(const struct proxy *hop)
{
	return hop->pipeline == PIPELINE_AUTO && proxy_can(hop, PROXY_EARLY);
}

static size_t considered(const struct dial *d)
{
	return d->path.n < MANNER_HOPS ? d->path.n : MANNER_HOPS;
}

/* True if the kernel has seen the first hop take its time; there is no need to ask about one on this machine. */
static bool is_far(const struct dial *d, int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	return !addr_is_loopback(&d->first) && sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_rtt >= WORTH_US;
}

/* True if a hop is left to us, and the first is far enough away. */
static bool is_worth_it(const struct dial *d, int fd)
{
	size_t i = 0;

	while (i < considered(d) && !is_ours(d->path.hops[i]))
		i++;
	return i < considered(d) && is_far(d, fd);
}

static bool has_login(const struct dial *d, const struct proxy *hop)
{
	return hop->kind == PROXY_SOCKS5 && (hop->has_credentials || d->isolated);
}

/* Returns what is known to arrive. Credentials go ahead only to a proxy that has chosen them before. */
static uint8_t known(const struct dial *d, const struct proxy *hop)
{
	const bool login = has_login(d, hop), whole = hop->kind != PROXY_SOCKS5 || early_of(hop, HABIT_WHOLE) == EARLY_KEPT;
	const enum early_method method = login ? early_method(hop) : METHOD_OPEN;

	if (!whole || method == METHOD_UNKNOWN)
		return 0;
	return (uint8_t)(SPEECH_WHOLE | (early_of(hop, HABIT_BEHIND) == EARLY_KEPT ? SPEECH_BEHIND : 0) |
			 (login && method == METHOD_OPEN ? SPEECH_OPEN : 0));
}

/* Put what the hop is not known to do on trial. */
static bool try_hop(struct dial *d, size_t i)
{
	const struct proxy *const hop = d->path.hops[i];
	uint8_t *const speech = &d->manner.speech[i];
	const enum habit habit = *speech & SPEECH_WHOLE ? HABIT_BEHIND : HABIT_WHOLE;
	const bool login = has_login(d, hop);

	if (*speech & SPEECH_BEHIND || (habit == HABIT_BEHIND && i + 1 == d->path.n) || (login && early_method(hop) == METHOD_UNKNOWN) ||
	    !early_try(hop, habit))
		return false;
	*speech |= habit == HABIT_BEHIND ? SPEECH_BEHIND : SPEECH_WHOLE;
	*speech |= login && early_method(hop) == METHOD_OPEN ? SPEECH_OPEN : 0;
	d->trial = (struct trial){.hop = hop, .at = i + (habit == HABIT_BEHIND), .habit = habit, .until = INT64_MAX};
	return true;
}

void ahead_choose(struct dial *d, int fd)
{
	bool tried = false;

	if (d->in_turn || d->trial.hop || !is_worth_it(d, fd))
		return;
	for (size_t i = 0; i < considered(d); i++) {
		if (!is_ours(d->path.hops[i]))
			continue;
		d->manner.speech[i] = known(d, d->path.hops[i]);
		tried = tried || try_hop(d, i);
	}
	tunnel_ask(&d->tunnel, d->path.hops, d->path.n, &d->manner, path_request(&d->path)->command, &path_request(&d->path)->target);
}

static bool is_on_trial(const struct dial *d)
{
	return d->trial.hop && !d->in_turn;
}

/* Wait for twice the time that something has taken, `since` then: an answer takes less. */
static void wait_on(struct dial *d, int64_t now, int64_t since)
{
	const int64_t twice = 2 * (now - since), least = (int64_t)PATIENCE_MS * NS_PER_MS;

	if (is_on_trial(d) && d->tunnel.at == d->trial.at)
		d->trial.until = now + (twice > least ? twice : least);
}

void ahead_sent(struct dial *d)
{
	d->spoke = clock_now();
	wait_on(d, d->spoke, d->started); /* everything so far */
}

/* The hop of the trial has answered what was said ahead, or, after a trial that failed, what it was asked in turn. */
static void conclude(struct dial *d)
{
	const struct trial t = d->trial;

	d->trial.hop = NULL;
	if (!d->in_turn)
		early_learn(t.hop, t.habit, EARLY_KEPT);
	else if (3 * (clock_now() - d->spoke) <= 2 * t.waited)
		early_learn(t.hop, t.habit, EARLY_LOST);
}

void ahead_heard(struct dial *d, size_t at)
{
	const struct tunnel *const t = &d->tunnel;

	if (t->at > at && t->chose && has_login(d, d->path.hops[at]))
		early_chose(d->path.hops[at], t->chose == CHOSE_LOGIN);
	if (d->trial.hop && (t->at > d->trial.at || (d->trial.habit == HABIT_BEHIND && at == d->trial.at)))
		conclude(d);
	else
		wait_on(d, clock_now(), d->spoke); /* the rest of the answer comes sooner than its beginning did */
}

int64_t ahead_limit(const struct dial *d)
{
	return is_on_trial(d) ? d->trial.until : INT64_MAX;
}

/* What a failure says of what was said ahead: nothing; the target may as well be why; or that it was not understood. */
enum doubt { NO_DOUBT, SOME_DOUBT, MUCH_DOUBT };

static enum doubt doubt_of(int rc)
{
	switch (rc) {
	case ERR_PROXY_CLOSED:
	case ERR_PROXY_GARBLED:
	case ERR_PROXY_METHOD:
		return MUCH_DOUBT;
	case ERR_PROXY_SILENT:
	case ERR_TARGET_HUNG_UP:
	case ERR_TARGET_UNANSWERED:
		return SOME_DOUBT;
	default:
		return NO_DOUBT;
	}
}

/* Returns the hop, of those left to us, that was told more than it had asked for by the time of the failure; NULL if none was. */
static const struct proxy *suspect(const struct dial *d)
{
	const size_t at = d->tunnel.at;

	for (size_t i = 0; i < considered(d) && i <= at; i++)
		if (is_ours(d->path.hops[i]) && d->manner.speech[i] & (i < at ? SPEECH_BEHIND : SPEECH_WHOLE))
			return d->path.hops[i];
	return NULL;
}

/* True if the hop of the trial has answered its request: with a refusal. */
static bool is_answer(const struct dial *d, int rc)
{
	return d->trial.hop && d->trial.habit == HABIT_WHOLE && d->tunnel.at == d->trial.at && rc < -4095 && !doubt_of(rc) &&
	       err_whose(rc) == ERR_OF_TARGET;
}

bool ahead_gives_up(struct dial *d, int rc)
{
	const enum doubt doubt = doubt_of(rc);
	const struct proxy *const hop = d->in_turn || !doubt ? NULL : suspect(d);
	const int64_t now = clock_now();
	const bool trial = is_on_trial(d);

	if (is_answer(d, rc))
		conclude(d);
	if (!hop)
		return false;
	if (!trial && rc != ERR_TARGET_HUNG_UP)
		early_doubt(hop);
	if (now >= d->deadline || (!trial && doubt != MUCH_DOUBT))
		return false;
	d->trial.waited = now - d->spoke;
	d->in_turn = true;
	log_line(LOG_DEBUG, "'%s' is asked in turn: %s", d->route->name, err_text(rc));
	return true;
}
