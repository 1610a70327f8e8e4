/* explain: which rule and chain decide about a destination; nothing is sent. */
#include "explain.h"

#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/names/placeholder.h"
#include "core/route/decide.h"
#include "say.h"
#include "route.h"

/* Step over the suffix: whether `to` ends in it, cut off then. */
static bool ends_in(const char *to, size_t *n, const char *suffix)
{
	const size_t len = strlen(suffix);

	if (*n < len || memcmp(to + *n - len, suffix, len) != 0)
		return false;
	*n -= len;
	return true;
}

static bool read_destination(struct destination *d, struct addr *a, const char *text)
{
	size_t n = strlen(text);

	*d = (struct destination){.addr = a, .udp = ends_in(text, &n, "/udp")};
	if (!d->udp)
		ends_in(text, &n, "/tcp");
	return addr_parse(a, text, n, 0);
}

static void print_host(const struct host_pattern *p)
{
	const int whole = p->addr.kind == ADDR_IPV4 ? 32 : p->addr.kind == ADDR_IPV6 ? 128 : p->prefix;
	char host[ADDR_TEXT];

	if (p->everything) {
		fputs("*", stdout);
		return;
	}
	printf("%s%s", p->suffix ? "*." : "", addr_string(&p->addr, host));
	if (p->prefix != whole)
		printf("/%d", p->prefix);
}

/* "host *.example.com, 10.0.0.0/8; port 22, 8000-8999" */
static void print_conditions(const struct rule *r)
{
	const char *lead = ": ";

	for (const struct host_pattern *p = r->hosts; p; p = p->next, lead = ", ") {
		printf("%s%s", lead, p == r->hosts ? "host " : "");
		print_host(p);
	}
	if (r->hosts)
		lead = "; ";
	for (const struct port_range *p = r->ports; p; p = p->next, lead = ", ") {
		printf("%s%s%d", lead, p == r->ports ? "port " : "", p->first);
		if (p->last != p->first)
			printf("-%d", p->last);
	}
	if (r->ports)
		lead = "; ";
	for (const struct program_pattern *p = r->programs; p; p = p->next, lead = ", ")
		printf("%s%s%s", lead, p == r->programs ? "program " : "", p->glob);
	if (r->programs)
		lead = "; ";
	if (r->protocol != RULE_ANY)
		printf("%sprotocol %s", lead, r->protocol == RULE_UDP ? "udp" : "tcp");
}

/* "corp (/home/u/.socksify.ini line 31): host *.example.com" */
static void print_rule(const struct rule *r)
{
	printf("%s (%s", r->name, r->file);
	if (r->line) {
		printf(" line %d)", r->line);
		print_conditions(r);
	} else {
		putchar(')'); /* the name is the whole rule */
	}
}

static void print_verdict(const struct config *c, const struct verdict *v)
{
	fputs("  rule    ", stdout);
	if (v->rule)
		print_rule(v->rule);
	else if (v->loopback)
		printf("none, and loopback is direct");
	else
		printf("none, so the default (%s)", c->source);
	putchar('\n');
}

static void print_route(const struct config *c, const struct route *route)
{
	TEXT(way, 16 * PROXY_TEXT);

	route_name(c, route, &way);
	if (route->kind == ROUTE_CHAIN)
		text_add(&way, ": ");
	route_hops(route, &way);
	printf("  via     %s%s\n", way.at, way.cut ? "..." : "");
}

/* Rules that would have come first, had we been told the port or the program. */
static void print_others(const struct config *c, const struct destination *to, const struct verdict *v)
{
	for (const struct rule *r = c->rules; r && r != v->rule; r = r->next) {
		struct rule any = *r;
		TEXT(way, 256);

		if (to->addr->port == 0)
			any.ports = NULL;
		any.programs = NULL;
		if (rule_matches(r, to) || !rule_matches(&any, to))
			continue;
		route_name(c, r->route, &way);
		fputs("  unless  ", stdout);
		print_rule(r);
		printf("; then via %s\n", way.at);
	}
}

/* Who finds out where the name leads. */
static void print_name(const struct config *c, const struct route *route, bool udp)
{
	char server[ADDR_TEXT];

	if (route->kind == ROUTE_DIRECT)
		puts("  name    resolved by this system");
	else if (route->kind == ROUTE_CHAIN && c->dns == DNS_SYSTEM)
		puts("  name    resolved by this system, past the proxy (dns = system)");
	else if (route->kind == ROUTE_CHAIN && c->dns == DNS_TCP)
		printf("  name    resolved by %s, asked through the chain (dns = tcp)\n", addr_string(&c->dns_server, server));
	else if (route->kind == ROUTE_CHAIN && !proxy_can(route->hops[route->n - 1], PROXY_NAMES))
		puts("  name    cannot be told to a socks4 proxy: refused (socks4a can)");
	else if (route->kind == ROUTE_CHAIN && !udp)
		puts("  name    resolved by the last proxy");
}

/* What the key `udp` and the proxies' protocols make of it. */
static void print_udp(const struct config *c, const struct addr *to, const struct route *route)
{
	const size_t able = route_able(route, PROXY_COMMANDS);

	if (c->udp == UDP_BLOCK)
		puts("  udp     blocked (udp = block)");
	else if (c->udp == UDP_DIRECT)
		puts("  udp     goes directly, past the chain (udp = direct)");
	else if (addr_is_group(to))
		puts("  udp     no chain leads to many hosts at once: refused");
	else if (able == route->n)
		puts("  udp     relayed by each proxy, if it can: see --check");
	else
		printf("  udp     hop %zu cannot carry it: refused\n", able + 1);
}

int explain(const struct config *c, const char *text)
{
	struct destination to;
	struct verdict v;
	struct addr a;
	char host[ADDR_TEXT];

	if (!read_destination(&to, &a, text)) {
		say("'%s' is not a destination: HOST[:PORT][/udp]", text);
		return STATUS_FAILED;
	}
	printf("%s %s\n", addr_string(&a, host), to.udp ? "udp" : "tcp");
	placeholder_use(c);
	const int rc = decide(&(struct app){.config = c}, &a, to.udp, &v);
	if (!v.chosen) {
		printf("  via     refused: %s\n", err_text(rc));
		return 0;
	}
	print_verdict(c, &v);
	print_route(c, v.chosen);
	if (a.kind == ADDR_NAME && !v.loopback)
		print_name(c, v.chosen, to.udp);
	if (to.udp && v.chosen->kind == ROUTE_CHAIN)
		print_udp(c, &a, v.chosen);
	print_others(c, &to, &v);
	return 0;
}
