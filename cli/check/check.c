/* SPDX-License-Identifier: MIT */
/* check: choose the chains to try. */
#include "cli/check/check.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/check/layers.h"
#include "cli/check/picture.h"
#include "cli/json.h"
#include "cli/known.h"
#include "cli/mistakes.h"
#include "cli/route.h"
#include "cli/say.h"
#include "cli/ways.h"
#include "core/base/err.h"
#include "core/names/placeholder.h"
#include "core/route/decide.h"

struct checking {
	const struct config *config;
	const struct route *route; /* NULL: all that are in use */
	struct addr target;        /* ADDR_NONE: not given */
	bool as_json;
};

/* What the last try found. */
static struct probe p;

static bool try(const struct checking *k, const struct route *route, const char *name)
{
	probe(&p, k->config, route, k->target.kind == ADDR_NONE ? NULL : &k->target);
	if (k->as_json)
		picture_json(&p, name, mistakes_source(k->config->source));
	else
		picture_print(&p);
	return p.works;
}

/* Try one of the ways that a chain may choose. A dynamic chain leaves out what is dead: so do we, then. */
static bool try_way(const struct checking *k, const struct route *chain, size_t i, const char *name)
{
	static struct way w;
	TEXT(number, 256 + 64);
	const size_t n = ways_count(chain);

	text_add(&number, "%s, way %zu of %zu", name, i + 1, n);
	if (!k->as_json)
		print_line(" way %zu of %zu", i + 1, n);
	ways_lay(&w, chain, i);
	bool works = try(k, &w.route, number.at);
	while (!works && chain->mode == CHAIN_DYNAMIC && w.route.n > 1) {
		ways_leave_out(&w, p.at < w.route.n ? p.at : w.route.n - 1);
		works = try(k, &w.route, number.at);
	}
	return works;
}

/* A chain that chooses works if one of its ways does. */
static bool try_ways(const struct checking *k, const struct route *chain, const char *name)
{
	bool works = false;

	for (size_t i = 0; i < ways_count(chain); i++)
		works = try_way(k, chain, i, name) || works;
	return works;
}

static bool check_route(const struct checking *k, const struct route *route)
{
	const char *const source = mistakes_source(k->config->source);
	TEXT(name, 256);

	route_name(k->config, route, &name);
	if (!k->as_json) {
		print(strcmp(name.at, source) == 0 ? "%s" : "%s (%s)", name.at, source);
		print_line("%s%s", route_is_plain(route) ? "" : ", ", route_is_plain(route) ? "" : route_mode(route));
		fflush(stdout); /* what follows may take a while */
	}
	if (!k->as_json)
		known_print(route);
	if (route->kind != ROUTE_CHAIN) {
		if (!k->as_json)
			puts("  no proxy to dial");
		return true;
	}
	return route_is_plain(route) ? try(k, route, name.at) : try_ways(k, route, name.at);
}

/* True if `rule` leads to a chain that nothing before it leads to. */
static bool is_new(const struct config *c, const struct rule *rule)
{
	if (rule->route->kind != ROUTE_CHAIN || rule->route == c->chain)
		return false;
	for (const struct rule *r = c->rules; r != rule; r = r->next)
		if (r->route == rule->route)
			return false;
	return true;
}

static bool check_all(const struct checking *k)
{
	const struct config *const c = k->config;

	if (k->route)
		return check_route(k, k->route);
	bool fine = check_route(k, c->chain);
	for (const struct rule *r = c->rules; r; r = r->next)
		if (is_new(c, r))
			fine = check_route(k, r->route) && fine;
	return fine;
}

/* The chain is tried though the rules may send programs another way: say so. */
static void tell_of_rules(const struct checking *k)
{
	const struct app any = {.config = k->config};
	struct addr target = k->target;
	struct verdict v;

	if (k->as_json || target.kind == ADDR_NONE)
		return;
	const int rc = decide(&any, &target, false, &v);
	if (rc == 0 && v.route->kind == ROUTE_DIRECT)
		print_line("note: programs connect to it directly, past the chain; --explain tells why");
	else if (rc == ERR_BLOCKED)
		print_line("note: programs are refused it by a rule; --explain tells which");
}

/* Take a word for a chain's name if there is such a chain, else for HOST:PORT. Returns false after a message. */
static bool take_word(struct checking *k, const char *word)
{
	const struct route *const route = word ? config_route(k->config, word, strlen(word)) : NULL;
	struct addr a;

	if (!word)
		return true;
	if (route && !k->route) {
		k->route = route;
		return true;
	}
	if (!addr_parse(&a, word, strlen(word), 0) || !a.port)
		return route_unknown(k->config, word), false;
	k->target = a;
	return true;
}

int check(const struct config *c, const char *word, const char *other, bool as_json)
{
	struct checking k = {.config = c, .as_json = as_json};

	if (!take_word(&k, word) || !take_word(&k, other))
		return STATUS_FAILED;
	placeholder_use(c); /* relays are compared with what goes directly */
	layers_find(c);
	if (as_json)
		json_begin(NULL, '[');
	const bool fine = check_all(&k);
	if (as_json) {
		json_end(']');
		putchar('\n');
	} else {
		tell_of_rules(&k);
		layers_print();
	}
	return fine ? 0 : 1;
}
