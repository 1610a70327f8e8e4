/* SPDX-License-Identifier: MIT */
/* known_early: ask core/route/early.h about each proxy that is told as much at once as it is known to bear. */
#include "known_early.h"

#include "core/route/early.h"
#include "json.h"
#include "route.h"
#include "say.h"

static const char *const keeping[] = {[EARLY_UNKNOWN] = "unknown", [EARLY_KEPT] = "kept", [EARLY_LOST] = "lost"};

/* What a proxy does with bytes that come early. A request of SOCKS4 is always whole; behind it comes something only if another hop does. */
struct habits {
	enum early whole, behind;
	bool followed;
};

static struct habits habits_of(const struct route *r, const struct proxy *p)
{
	return (struct habits){
		.whole = p->kind == PROXY_SOCKS5 ? early_of(p, HABIT_WHOLE) : EARLY_KEPT,
		.behind = early_of(p, HABIT_BEHIND),
		.followed = r->n > 1,
	};
}

/* Returns NULL where nothing is known. */
static const char *words(const struct habits *h)
{
	static const char *const behind[] = {
		[EARLY_UNKNOWN] = "keeps what comes early; of what comes behind its request that is not known",
		[EARLY_KEPT] = "keeps what comes early, behind its request, too",
		[EARLY_LOST] = "keeps what comes early, but loses what comes behind its request",
	};

	if (h->whole == EARLY_LOST)
		return "loses what comes early, so it is asked in turn";
	if (h->whole == EARLY_UNKNOWN)
		return NULL;
	return h->followed ? behind[h->behind] : "keeps what comes early";
}

static void print_habits(const struct route *r, const struct proxy *p)
{
	const struct habits h = habits_of(r, p);
	const char *const known = words(&h);
	TEXT(url, PROXY_TEXT);

	proxy_text(p, &url);
	if (known)
		print_line("  early   %s %s", url.at, known);
}

static void put_habits(const struct route *r, const struct proxy *p)
{
	const struct habits h = habits_of(r, p);
	TEXT(url, PROXY_TEXT);

	proxy_text(p, &url);
	json_begin(NULL, '{');
	json_string("hop", url.at);
	json_string("whole", keeping[h.whole]);
	json_string("behind", h.followed ? keeping[h.behind] : NULL);
	json_end('}');
}

/* Those that are told as much at once as they are known to bear. */
static void each_learnt(const struct route *r, void (*how)(const struct route *, const struct proxy *))
{
	for (size_t i = 0; r->kind == ROUTE_CHAIN && i < r->n; i++) {
		const struct proxy *const p = r->hops[i];
		const bool bears = proxy_can(p, PROXY_EARLY) && (p->kind == PROXY_SOCKS5 || r->n > 1);
		if (bears && p->pipeline == PIPELINE_AUTO && route_is_first(r, i))
			how(r, p);
	}
}

void known_early_print(const struct route *r)
{
	each_learnt(r, print_habits);
}

void known_early_json(const struct route *r)
{
	json_begin("early", '[');
	each_learnt(r, put_habits);
	json_end(']');
}
