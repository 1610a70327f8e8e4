/* SPDX-License-Identifier: MIT */
/* known: ask health (core/route/health.h) about each proxy, as it is reached from here and from each of the others. */
#include "known.h"

#include "core/route/health.h"
#include "json.h"
#include "route.h"
#include "say.h"

enum { LEGS_FROM = 32 }; /* of longer lists only the legs from here */

static const char *url_of(const struct proxy *p, char to[static PROXY_TEXT])
{
	struct text t = {.at = to, .size = PROXY_TEXT};

	to[0] = '\0';
	proxy_text(p, &t);
	return to;
}

/* Returns the time, or 0 if it was not measured. */
static double ms_of(const struct leg *leg)
{
	const uint64_t us = health_delay(leg);

	return us == UINT32_MAX ? 0 : (double)us / 1000;
}

static void print_leg(const struct leg *leg)
{
	const int64_t rest = health_rest(leg);
	char hop[PROXY_TEXT], before[PROXY_TEXT];

	print("  health  %s", url_of(leg->hop, hop));
	if (leg->before)
		print(" behind %s", url_of(leg->before, before));
	if (rest)
		print_line(" failed, and rests for %lld s", (long long)(rest + 999) / 1000);
	else if (health_of(leg) == HEALTH_DUE)
		print_line(" failed, and is due to be tried again");
	else
		print_line(" answers in %.1f ms", ms_of(leg));
}

static void put_leg(const struct leg *leg)
{
	char url[PROXY_TEXT];

	json_begin(NULL, '{');
	json_string("hop", url_of(leg->hop, url));
	json_string("behind", leg->before ? url_of(leg->before, url) : NULL);
	json_bool("failed", health_of(leg) != HEALTH_FINE);
	json_number("rests_s", (double)health_rest(leg) / 1000);
	json_number("answers_ms", ms_of(leg));
	json_end('}');
}

static void show(const struct leg *leg, void (*how)(const struct leg *))
{
	if (health_of(leg) != HEALTH_FINE || ms_of(leg) > 0)
		how(leg);
}

static void each(const struct route *r, void (*how)(const struct leg *))
{
	for (size_t i = 0; i < r->n; i++) {
		if (!route_is_first(r, i))
			continue;
		show(&(struct leg){NULL, r->hops[i]}, how);
		for (size_t k = 0; k < r->n && r->n <= LEGS_FROM; k++)
			if (k != i && route_is_first(r, k))
				show(&(struct leg){r->hops[k], r->hops[i]}, how);
	}
}

void known_print(const struct route *r)
{
	if (r->kind == ROUTE_CHAIN)
		each(r, print_leg);
}

void known_json(const struct route *r)
{
	json_begin("known", '[');
	if (r->kind == ROUTE_CHAIN)
		each(r, put_leg);
	json_end(']');
}
