/* SPDX-License-Identifier: MIT */
/* dante: the routes of Dante's socks.conf, each a rule; those for all addresses or all names lead to the default chain. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/importers.h"

enum { VALUE = 256, SERVERS = 64 };

/* The words behind each "key:", with single blanks. */
struct route {
	int line;
	char head[LINE_TEXT]; /* the line that it begins on */
	char from[VALUE], to[VALUE], via[VALUE], protocol[VALUE], proxyprotocol[VALUE], command[VALUE], ignored[VALUE];
	char *key; /* takes the next word */
};

/* A proxy that routes lead to, under the name of the first. */
struct known {
	char via[VALUE], scheme[8], name[32];
};

struct dante {
	struct draft *draft;
	struct known known[SERVERS];
	int servers, routes;
	const char *dns;
	char addresses[32], names[32]; /* where the routes for all of these lead; empty: there is none yet */
};

static void add_word(char to[static VALUE], const char *word)
{
	const size_t n = strlen(to);

	snprintf(to + n, VALUE - n, "%s%s", n ? " " : "", word);
}

static char *place(struct route *r, const char *key)
{
	const struct {
		const char *key;
		char *to;
	} places[] = {{"from:", r->from},         {"to:", r->to},           {"via:", r->via},
		      {"protocol:", r->protocol}, {"command:", r->command}, {"proxyprotocol:", r->proxyprotocol}};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strcasecmp(key, places[i].key) == 0)
			return places[i].to;
	return r->ignored;
}

static void take_word(struct route *r, const char *word)
{
	const size_t n = strlen(word);

	if (n > 1 && word[n - 1] == ':')
		r->key = place(r, word);
	else if (r->key)
		add_word(r->key, word);
}

static bool has(const char *words, const char *word)
{
	return !*words || strcasestr(words, word); /* a route without the key is for all */
}

/* "80", "domain" */
static int port_number(const char *text)
{
	const struct servent *const known = getservbyname(text, NULL);

	return known ? ntohs((uint16_t)known->s_port) : atoi(text);
}

/* Read "port = 80", "port eq domain", "port ge 1024" or "port 80-90" behind a host. */
static bool read_port(const char *text, struct text *port)
{
	char comparison[VALUE] = "", number[VALUE] = "";

	text += strspn(text, " ");
	if (!*text)
		return true;
	if (sscanf(text, "port %255s %255s", comparison, number) < 2)
		snprintf(number, sizeof(number), "%s", comparison);
	const int n = port_number(number);
	if (strchr(number, '-') && atoi(number))
		text_add(port, "%s", number);
	else if (strcmp(comparison, "gt") == 0 || strcmp(comparison, ">") == 0)
		text_add(port, "%d-65535", n + 1);
	else if (strcmp(comparison, "ge") == 0 || strcmp(comparison, ">=") == 0)
		text_add(port, "%d-65535", n);
	else if (strcmp(comparison, "lt") == 0 || strcmp(comparison, "<") == 0)
		text_add(port, "1-%d", n - 1);
	else if (strcmp(comparison, "le") == 0 || strcmp(comparison, "<=") == 0)
		text_add(port, "1-%d", n);
	else if (strstr(comparison, "ne") || strcmp(comparison, "!=") == 0)
		return false;
	else
		text_add(port, "%d", n);
	return n > 0;
}

/* Split "10.1.1.1 port = 1080" into its host and what follows. */
static const char *split(char *text)
{
	const size_t n = strcspn(text, " ");
	const char *const rest = text + n + (text[n] == ' ');

	text[n] = '\0';
	return rest;
}

/* Returns the name of the proxy that the route leads to; NULL with the reason in `problem`. */
static const char *proxy(struct dante *a, const struct route *r, struct text *problem)
{
	struct known k = {.name = ""};
	TEXT(port, VALUE);

	memcpy(k.via, r->via, sizeof(k.via));
	snprintf(k.scheme, sizeof(k.scheme), "%s",
		 has(r->proxyprotocol, "socks_v5") ? "socks5"
		 : has(r->proxyprotocol, "http")   ? "http"
						   : "socks4");
	for (int i = 0; i < a->servers; i++)
		if (strcmp(a->known[i].via, k.via) == 0 && strcmp(a->known[i].scheme, k.scheme) == 0)
			return a->known[i].name;
	char host[VALUE];
	memcpy(host, r->via, sizeof(host));
	snprintf(k.name, sizeof(k.name), "proxy-%d", r->line);
	if (a->servers == SERVERS || !has(r->proxyprotocol, k.scheme[0] == 'h' ? "http" : "socks_v") || !read_port(split(host), &port))
		text_add(problem, "socksify speaks socks_v4, socks_v5 and http, with a port");
	else if (draft_proxy(a->draft, k.name, r->line, &(struct server){k.scheme, host, port.len ? port.at : NULL, NULL, NULL},
			     problem)) {
		a->known[a->servers] = k;
		return a->known[a->servers++].name;
	}
	return NULL;
}

/* Remember where all addresses or all names go; the first such route decides. */
static void take_all(char to[static 32], const char *via)
{
	if (!*to)
		snprintf(to, 32, "%s", via);
}

/* Write the rule. Returns why it cannot be, or NULL. */
static const char *write_rule(struct dante *a, struct route *r, const char *via)
{
	const bool tcp = has(r->protocol, "tcp"), udp = has(r->protocol, "udp");
	const char *const protocol = tcp && udp ? NULL : tcp ? "tcp" : "udp";
	TEXT(port, VALUE);
	TEXT(host, VALUE + 2);

	if (!read_port(split(r->to), &port))
		return "such ports cannot be expressed";
	const bool every = !port.len && !protocol, names = strcmp(r->to, ".") == 0, addresses = strcmp(r->to, "0.0.0.0/0") == 0;
	if (names && !every)
		return "a rule is for all names only together with all addresses";
	if (every && (names || addresses)) {
		take_all(names ? a->names : a->addresses, via);
		return NULL;
	}
	text_add(&host, "%s%s", r->to[0] == '.' ? "*" : "", r->to);
	const struct draft_rule rule = {
		.stem = "route", .line = r->line, .host = host.at, .port = port.len ? port.at : NULL, .protocol = protocol, .via = via};
	return draft_rule(a->draft, &rule) ? NULL : "the destination is neither an address, a network, nor a name";
}

/* Returns why the route cannot be carried over, or NULL. A route through a proxy that cannot be had is shut. */
static const char *take_route(struct dante *a, struct route *r, struct text *problem)
{
	const bool direct = strcasecmp(r->via, "direct") == 0;

	if (!has(r->command, "connect") && !has(r->command, "udpassociate"))
		return "socksify has no routes for incoming connections (bind)";
	if (*r->from && strcmp(r->from, "0.0.0.0/0") != 0)
		return "rules do not look at the source address";
	const char *const via = direct ? "direct" : proxy(a, r, problem);
	const char *const why = write_rule(a, r, via ? via : "block");
	return via || why ? why : problem->at;
}

static void leave(struct draft *d, const struct route *r, const char *why)
{
	struct line head = {.number = r->line};

	memcpy(head.text, r->head, sizeof(r->head));
	draft_left(d, &head, "%s", why);
}

static void end_route(struct dante *a, struct route *r)
{
	const bool direct = strcasecmp(r->via, "direct") == 0;
	TEXT(problem, 512);

	a->routes++;
	const char *const why = take_route(a, r, &problem);
	if (!why)
		return;
	leave(a->draft, r, why);
	if (!direct && has(r->command, "connect"))
		draft_shut(a->draft, "a route through a proxy cannot be carried over");
}

static void take_outside(struct dante *a, const struct line *l)
{
	if (!line_word_is(l, 0, "resolveprotocol:"))
		draft_left(a->draft, l, "of this, only routes and resolveprotocol have a meaning here");
	else
		a->dns = line_word_is(l, 1, "fake") ? "remote" : line_word_is(l, 1, "tcp") ? "tcp" : "system";
}

/* Dante refuses what no route is for; without any route, it goes directly. */
static void choose_chain(const struct dante *a)
{
	if (!a->routes)
		draft_note(a->draft, "The file has no route; Dante then sends everything directly.");
	draft_chain(a->draft, !a->routes ? "direct" : *a->names ? a->names : *a->addresses ? a->addresses : "block");
	if (*a->names && *a->addresses && strcmp(a->names, a->addresses) != 0)
		draft_rule(a->draft, &(struct draft_rule){.stem = "addresses", .host = "0.0.0.0/0", .via = a->addresses});
}

static void write_dns(const struct dante *a)
{
	if (strcmp(a->dns, "system") == 0)
		draft_note(a->draft,
			   "Dante asks DNS itself, which tells the names to whoever listens; 'remote' gives them to the proxy.");
	draft_key(a->draft, "dns", "%s", a->dns);
}

static struct route begin_route(const struct line *l)
{
	struct route r = {.line = l->number};

	memcpy(r.head, l->text, sizeof(r.head));
	return r;
}

/* Take the words of a line that belongs to a route, from word `i` on. */
static void take_line(struct dante *a, struct route *r, const struct line *l, int i)
{
	for (; i < l->n && strcmp(l->word[i], "}") != 0; i++)
		take_word(r, strcmp(l->word[i], "{") == 0 ? "" : l->word[i]);
	if (i == l->n)
		return;
	end_route(a, r);
	*r = (struct route){0};
}

void import_dante(struct draft *d, struct lines *lines)
{
	struct dante a = {.draft = d, .dns = "system"};
	struct route r = {0};
	struct line l;

	while (lines_next(lines, &l)) {
		const bool begins = line_word_is(&l, 0, "route");
		if (begins)
			r = begin_route(&l);
		if (r.line)
			take_line(&a, &r, &l, begins);
		else
			take_outside(&a, &l);
	}
	write_dns(&a);
	choose_chain(&a);
}
