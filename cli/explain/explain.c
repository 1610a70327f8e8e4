/* SPDX-License-Identifier: MIT */
/* explain: ask decide(), and print its verdict and the rules that came before. */
#include "cli/explain/explain.h"

#include <stdio.h>
#include <string.h>

#include "cli/destination.h"
#include "cli/explain/explain_json.h"
#include "cli/explain/explain_socket.h"
#include "cli/explain/rule.h"
#include "cli/known.h"
#include "cli/known_early.h"
#include "cli/mistakes.h"
#include "cli/route.h"
#include "cli/say.h"
#include "cli/ways.h"
#include "core/base/env.h"
#include "core/base/err.h"
#include "core/names/hosts.h"
#include "core/names/origin.h"
#include "core/names/placeholder.h"
#include "core/route/decide.h"

/* If `to` ends in the suffix, cut that off and return true. */
static bool ends_in(const char *to, size_t *n, const char *suffix)
{
	const size_t len = strlen(suffix);

	if (*n < len || memcmp(to + *n - len, suffix, len) != 0)
		return false;
	*n -= len;
	return true;
}

/* Returns false after a message. */
static bool read_destination(struct destination *d, struct addr *a, const char *text)
{
	size_t n = strlen(text);

	*d = (struct destination){.addr = a, .udp = ends_in(text, &n, "/udp")};
	if (!d->udp)
		ends_in(text, &n, "/tcp");
	if (addr_parse(a, text, n, 0))
		return true;
	TEXT(hint, 512);
	destination_suggest(&hint, text);
	say("'%s' is not a destination: HOST[:PORT][/udp], or the path of a unix socket%s", text, hint.at);
	return false;
}

/* Find the address of a name that only this machine looks up, as the library does; a rule for the name then holds for the address. */
static bool is_known_here(const struct app *app, const struct addr *name, struct addr *address)
{
	struct host host;

	if (name->kind != ADDR_NAME || name_decide(app, name) == NAME_DIRECT || !hosts_find(name->name, &host) || !host.n)
		return false;
	*address = host.addresses[0];
	address->port = name->port;
	if (!addr_is_loopback(name))
		origin_put(name, address);
	return true;
}

static void print_known(struct addr address)
{
	char text[ADDR_TEXT];

	address.port = 0;
	print_line("  name    known to this system: %s", addr_string(&address, text));
}

static void print_heading(const struct addr *asked, const struct addr *target, bool udp)
{
	char text[ADDR_TEXT];

	print("%s %s", addr_string(asked, text), udp ? "udp" : "tcp");
	if (asked->kind != ADDR_NAME && target->kind == ADDR_NAME)
		print(", the placeholder of %s", target->name);
	putchar('\n');
}

/* Returns who chose the default: options and variables come before the file. */
static const char *default_source(const struct config *c)
{
	const bool typed = env_get("SOCKSIFY_PROXY") || env_get("SOCKSIFY_CHAIN");

	return typed ? "command line" : mistakes_source(c->source);
}

static void print_reason(const struct config *c, const struct verdict *v)
{
	fputs("  rule    ", stdout);
	if (v->rule)
		rule_print(v->rule);
	else if (v->loopback)
		print("none, and loopback is direct");
	else
		print("none, so the default (%s)", default_source(c));
	putchar('\n');
}

static void print_route(const struct config *c, const struct route *route)
{
	TEXT(shown, 16 * PROXY_TEXT);

	route_name(c, route, &shown);
	if (route->kind == ROUTE_CHAIN)
		text_add(&shown, ": ");
	route_hops(route, &shown);
	print_line("  via     %s%s", shown.at, shown.cut ? "..." : "");
	if (!route_is_plain(route))
		known_print(route);
	known_early_print(route);
}

/* Print who answers a program's queries to one of the system's DNS servers, or to a direct one. */
static void print_dns(const struct app *app, const struct verdict *v)
{
	char server[ADDR_TEXT];
	TEXT(shown, 256);

	route_name(app->config, decide_dns_server(app, NULL), &shown);
	addr_string(&app->config->dns_server, server);
	puts("  via     this process, which answers in place of the server");
	if (app->config->dns == DNS_REMOTE)
		print_line("  dns     addresses of names are placeholders; other records are asked of %s via %s", server, shown.at);
	else
		print_line("  dns     records are asked of %s via %s (dns = tcp)", server, shown.at);
	if (v->chosen->kind == ROUTE_DIRECT)
		puts("  unless  the question is about a name that goes directly: the server itself is asked");
}

/* Print who finds out where a name leads. */
static void print_name(const struct app *app, const struct addr *name, const struct route *route, bool udp)
{
	const enum name_verdict who = route->kind == ROUTE_DIRECT ? NAME_DIRECT : name_decide(app, name);
	char server[ADDR_TEXT];

	if (who == NAME_DIRECT)
		puts("  name    resolved by this system");
	else if (who == NAME_SYSTEM)
		puts("  name    resolved by this system, past the proxy (dns = system)");
	else if (who == NAME_NOWHERE)
		puts("  name    never found, as nobody can have it (RFC 6761)");
	else if (who == NAME_BY_DNS)
		print_line("  name    resolved by %s, asked through the chain (dns = tcp)",
			   addr_string(&app->config->dns_server, server));
	else if (!ways_end_in(route, PROXY_NAMES))
		puts("  name    cannot be told to a socks4 proxy: refused (socks4a can)");
	else if (!udp)
		puts("  name    resolved by the last proxy");
}

/* Print how the key `udp` and the proxies' protocols change the outcome. */
static void print_udp(const struct verdict *v, int rc)
{
	const size_t able = route_able(v->chosen, PROXY_COMMANDS);

	if (rc == ERR_UDP_BLOCKED)
		puts("  udp     blocked (udp = block)");
	else if (v->route->kind == ROUTE_DIRECT)
		puts("  udp     goes directly, past the chain (udp = direct)");
	else if (rc == ERR_UDP_GROUP)
		puts("  udp     no chain leads to many hosts at once: refused");
	else if (able == v->chosen->n)
		puts("  udp     relayed by each proxy, if it can: see --check");
	else
		print_line("  udp     hop %zu cannot carry it: refused", able + 1);
}

/* True if the pattern is for addresses and the destination is a name, or the other way round. */
static bool is_incomparable(const struct host_pattern *p, const struct destination *to)
{
	return !to->origin && p->key.kind != ADDR_NONE && (p->key.kind == ADDR_NAME) != (to->addr->kind == ADDR_NAME);
}

/* Returns the pattern that explains best why no host of the rule matches: one that cannot be compared with the destination. NULL if that is
 * an address, and some pattern is for addresses. */
static const struct host_pattern *incomparable(const struct rule *r, const struct destination *to)
{
	const struct host_pattern *found = NULL;

	for (const struct host_pattern *p = r->hosts; p; p = p->next) {
		if (!is_incomparable(p, to) && to->addr->kind != ADDR_NAME)
			return NULL;
		if (!found && is_incomparable(p, to))
			found = p;
	}
	return found;
}

static void print_mismatch(const struct rule *r, enum rule_key key, const struct destination *to)
{
	const struct host_pattern *const p = key == RULE_HOST ? incomparable(r, to) : NULL;

	fputs("  not     ", stdout);
	rule_print_name(r);
	fputs(": ", stdout);
	if (!p) {
		print("another %s than ", rule_key_name(key));
		rule_print_values(r, key);
	} else {
		print("%s", p->text);
		if (p->key.kind == ADDR_NAME)
			fputs(" is a name, and this is an address", stdout);
		else
			print(" is %s, and this name is not resolved here", host_pattern_is_range(p) ? "a range" : "an address");
	}
	putchar('\n');
}

static void print_unless(const struct config *c, const struct rule *r)
{
	TEXT(shown, 256);

	route_name(c, r->route, &shown);
	fputs("  unless  ", stdout);
	rule_print(r);
	print_line("; then via %s", shown.at);
}

/* Print the rules that were tried first, and why they do not match, or what they would need to know: the port, the program, or the
 * address of a name that is resolved here. */
static void print_others(const struct app *app, const struct destination *to, const struct verdict *v)
{
	const bool resolved = to->addr->kind == ADDR_NAME && name_decide(app, to->addr) != NAME_HERE;

	for (const struct rule *r = app->config->rules; r && r != v->rule; r = r->next) {
		struct rule known = *r;

		known.programs = NULL;
		if (to->addr->port == 0)
			known.ports = NULL;
		if (resolved && incomparable(r, to))
			known.hosts = NULL;
		const enum rule_key key = rule_mismatch(&known, to);
		if (key == RULE_NONE)
			print_unless(app->config, r);
		else
			print_mismatch(r, key, to);
	}
}

static void print_verdict(const struct app *app, const struct destination *to, const struct verdict *v, int rc)
{
	const bool here = v->route->kind == ROUTE_HERE;

	print_reason(app->config, v);
	if (here && (v->resolver || v->chosen->kind == ROUTE_DIRECT)) {
		print_dns(app, v);
		return;
	}
	print_route(app->config, v->chosen);
	if (here) {
		puts("  dns     queries are asked of this server, by TCP");
		return;
	}
	if (rc == 0 && to->addr->kind == ADDR_NAME)
		print_name(app, to->addr, v->route, to->udp);
	if (to->udp && v->chosen->kind == ROUTE_CHAIN)
		print_udp(v, rc);
}

int explain(const struct config *c, const char *text, bool as_json)
{
	const struct app app = {.config = c};
	struct destination to;
	struct addr asked, target;
	struct verdict v;

	if (*text == '/')
		return explain_socket(c, text, as_json);
	if (!read_destination(&to, &asked, text))
		return STATUS_FAILED;
	placeholder_use(c);
	target = asked;
	to.addr = &target;
	const bool known = is_known_here(&app, &asked, &target);
	if (known && !addr_is_loopback(&asked))
		to.origin = &asked;
	const int rc = decide(&app, &target, to.udp, &v);
	if (as_json) {
		explain_json(c, &asked, to.udp, &v, rc);
		return 0;
	}
	print_heading(&asked, &target, to.udp);
	if (!v.chosen) {
		print_line("  via     refused with %s: %s", strerrorname_np(err_errno(rc)), err_text(rc));
		return 0;
	}
	print_verdict(&app, &to, &v, rc);
	if (known)
		print_known(target);
	print_others(&app, &to, &v);
	return 0;
}
