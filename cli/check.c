/* SPDX-License-Identifier: MIT */
/* check: dial ever longer parts of a chain, since each hop is reached through those before it; print a line for each. */
#include "check.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/suggest.h"
#include "core/dial/relays.h"
#include "core/dial/wait.h"
#include "core/names/placeholder.h"
#include "route.h"
#include "say.h"

enum { NS_PER_US = 1000 };

/* One line of the report. */
struct step {
	const struct route *route; /* the whole chain */
	size_t hop;                /* the one under test */
	int width;                 /* of the column of URLs */
	size_t at;                 /* the hop that the outcome concerns */
	bool accepted;             /* the last hop has accepted us and has the request */
	double ms;
};

/* Dial `to` along the first `n` hops of the chain. Returns 0 or a negative err. */
static int dial_part(const struct config *c, struct step *s, size_t n, const struct addr *to)
{
	struct dial_job j = {.job.fd = -1, .make = dial_make};

	int rc = dial_begin_part(&j.dial, c, s->route, n, COMMAND_CONNECT, to);
	if (rc == 0)
		rc = dial_wait(&j, 1, INT64_MAX);
	s->ms = (double)((clock_now() - j.dial.started) / NS_PER_US) / 1000;
	s->at = j.dial.tunnel.at;
	s->accepted = tunnel_requested(&j.dial.tunnel);
	own_close(j.job.fd);
	return rc;
}

static void print_step(const struct step *s, const char *how, const char *outcome, const char *detail)
{
	TEXT(url, PROXY_TEXT);

	proxy_text(s->route->hops[s->hop], &url);
	print_line("  %zu  %-*s  %-12s %8.1f ms  %s%s", s->hop + 1, s->width, url.at, how, s->ms, outcome, detail);
	fflush(stdout); /* the next step may take a while */
}

/* Append an error about a hop that is reached as a destination: what it says of "the destination" is then said of the hop. */
static void add_hop_error(struct text *t, int rc)
{
	static const char destination[] = "the destination";
	const char *const text = err_text(rc), *const rest = text + sizeof(destination) - 1;

	if (strncmp(text, destination, sizeof(destination) - 1) != 0)
		text_add(t, "%s", text);
	else if (*rest == '\'')
		text_add(t, "its%s", rest + 2);
	else
		text_add(t, "it%s", rest);
}

/* True if the hop can be reached through those before it. */
static bool reach(const struct config *c, struct step *s)
{
	TEXT(how, 32);
	TEXT(outcome, 32);
	TEXT(error, 256);

	text_add(&how, s->hop == 0 ? "direct" : s->hop == 1 ? "via hop 1" : "via hops 1-%zu", s->hop);
	const int rc = dial_part(c, s, s->hop, &s->route->hops[s->hop]->addr);
	if (rc && s->at < s->hop && err_whose(rc) == ERR_OF_PROXY)
		text_add(&outcome, "hop %zu: ", s->at + 1);
	else
		text_add(&outcome, rc ? "cannot be reached: " : "ok");
	if (rc)
		add_hop_error(&error, rc);
	print_step(s, how.at, outcome.at, error.at);
	return rc == 0;
}

/* Choose a destination for the last hop: the hop itself, if it can be asked for that. */
static struct addr itself(const struct proxy *p)
{
	const bool sayable = proxy_can(p, PROXY_NAMES) ? p->addr.kind != ADDR_UNIX : p->addr.kind == ADDR_IPV4;

	return sayable ? p->addr : addr_loopback(AF_INET, p->addr.port ? p->addr.port : 1);
}

/* Returns how to introduce what the last hop made of the request; NULL if it shows no proxy that works: the kernel's errno, a failure of
 * the proxy's own, or a stranger that hung up on us. */
static const char *opinion(const struct step *s, int rc)
{
	if (rc == 0)
		return "ok";
	if (s->at != s->hop || rc >= -4095 || err_whose(rc) != ERR_OF_TARGET)
		return NULL;
	if (rc != ERR_TARGET_HUNG_UP && rc != ERR_TARGET_UNANSWERED)
		return "ok, it answers: ";
	return s->accepted ? "ok, it accepts us: " : NULL;
}

/* True if the last hop speaks its protocol and accepts our credentials. Its opinion of the destination does not matter: even a refusal is
 * an answer. */
static bool ask(const struct config *c, struct step *s)
{
	const struct addr to = itself(s->route->hops[s->hop]);
	const int rc = dial_part(c, s, s->route->n, &to);
	const char *const fine = opinion(s, rc);

	print_step(s, "handshake", fine ? fine : "", rc ? err_text(rc) : "");
	return fine != NULL;
}

/* Ask each hop in turn, through those before it, to relay datagrams. A hop that does not is worth knowing, but no failure of the
 * chain. */
static void relays(const struct config *c, struct step *s)
{
	const struct app app = {.config = c};
	int rc = 0;

	for (s->hop = 0; s->hop < s->route->n && rc == 0; s->hop++) {
		const int64_t start = clock_now();
		TEXT(at, ADDR_TEXT + 2);
		struct addr relay;
		rc = relays_try(&app, s->route, s->hop + 1, &relay);
		s->ms = (double)((clock_now() - start) / NS_PER_US) / 1000;
		if (rc == ERR_PROXY_RELAY)
			text_add(&at, ": ");
		if (rc == 0 || rc == ERR_PROXY_RELAY)
			addr_text(&relay, &at);
		print_step(s, "UDP", rc ? err_text(rc) : "ok, relayed at ", at.at);
	}
}

static int url_width(const struct route *route)
{
	size_t width = 0;

	for (size_t i = 0; i < route->n; i++) {
		TEXT(url, PROXY_TEXT);
		proxy_text(route->hops[i], &url);
		width = url.len > width ? url.len : width;
	}
	return (int)width;
}

static bool check_route(const struct config *c, const struct route *route)
{
	struct step s = {.route = route, .width = url_width(route)};
	TEXT(name, 256 + PATH_MAX);

	route_name(c, route, &name);
	if (strcmp(name.at, c->source) != 0)
		text_add(&name, " (%s)", c->source);
	print_line("%s", name.at);
	if (route->kind != ROUTE_CHAIN) {
		puts("  no proxy to dial");
		return true;
	}
	for (; s.hop < route->n; s.hop++)
		if (!reach(c, &s))
			return false;
	s.hop = route->n - 1;
	const bool fine = ask(c, &s);
	if (fine && c->udp == UDP_PROXY)
		relays(c, &s);
	return fine;
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

static int unknown(const struct config *c, const char *name)
{
	struct suggest near = suggest_for(name);
	TEXT(hint, 128);

	for (const struct chain *chain = c->chains; chain; chain = chain->handle.next)
		suggest_offer(&near, chain->name);
	for (const struct proxy *p = c->proxies; p; p = p->next)
		if (p->name)
			suggest_offer(&near, p->name);
	suggest_text(&near, &hint);
	say("no chain or proxy is called '%s' (%s)%s", name, c->source, hint.at);
	return STATUS_FAILED;
}

int check(const struct config *c, const char *name)
{
	const struct route *route = name ? config_route(c, name, strlen(name)) : c->chain;

	if (!route)
		return unknown(c, name);
	placeholder_use(c); /* relays are compared with what goes directly */
	bool fine = check_route(c, route);
	for (const struct rule *r = c->rules; r && !name; r = r->next)
		if (is_new(c, r))
			fine = check_route(c, r->route) && fine;
	return fine ? 0 : 1;
}
