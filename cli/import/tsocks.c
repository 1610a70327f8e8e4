/* SPDX-License-Identifier: MIT */
/* tsocks: tsocks.conf. A server stands for all destinations, or in a path for those that it reaches. */
#include <stdlib.h>
#include <string.h>

#include "cli/import/importers.h"

enum { VALUE = 256 };

/* A server, and the way to it. */
struct path {
	int line; /* of its server */
	bool inside;
	char name[32], host[VALUE], port[VALUE], type[VALUE], user[VALUE], password[VALUE];
	const char *via; /* where its networks go */
};

/* Returns where the value of a server's directive is kept, or NULL. */
static char *place(struct path *p, const struct line *l)
{
	const struct {
		const char *word;
		char *to;
	} places[] = {
		{"server", p->host},       {"server_port", p->port},      {"server_type", p->type},
		{"default_user", p->user}, {"default_pass", p->password},
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (line_word_is(l, 0, places[i].word))
			return places[i].to;
	return NULL;
}

/* Read the server's directives as far as the end of the path, or of the file. */
static void read_server(struct path *p, struct lines lines)
{
	struct line l;
	bool inside = p->inside;

	while (lines_next(&lines, &l) && !(p->inside && line_word_is(&l, 0, "}"))) {
		if (!p->inside && (line_word_is(&l, 0, "path") || line_word_is(&l, 0, "}")))
			inside = line_word_is(&l, 0, "path");
		char *const to = inside == p->inside ? place(p, &l) : NULL;
		if (to)
			snprintf(to, VALUE, "%s", l.word[2]);
		if (to == p->host && to)
			p->line = l.number;
	}
}

static bool write_server(struct draft *d, const struct path *p, struct text *problem)
{
	const bool five = atoi(p->type) == 5;
	const struct server s = {
		.scheme = five ? "socks5" : "socks4",
		.host = p->host,
		.port = p->port[0] ? p->port : NULL,
		.user = p->user[0] ? p->user : NULL,
		.password = five && p->password[0] ? p->password : NULL,
	};

	if (!p->host[0])
		text_add(problem, "the server is missing");
	return p->host[0] && draft_proxy(d, p->name, p->line, &s, problem);
}

static void begin_path(struct draft *d, struct path *p, const struct line *l, struct lines rest)
{
	TEXT(problem, 512);

	*p = (struct path){.inside = true};
	snprintf(p->name, sizeof(p->name), "path-%d", l->number);
	read_server(p, rest);
	p->via = write_server(d, p, &problem) ? p->name : "block";
	if (problem.len)
		draft_left(d, l, "%s; what this path reaches is blocked", problem.at);
}

static void take_network(struct draft *d, const struct path *p, const struct line *l)
{
	TEXT(host, VALUE);
	TEXT(port, VALUE);

	const bool valid = draft_network(l->word[2], &host, &port);
	if (valid &&
	    draft_rule(d,
		       &(struct draft_rule){
			       .stem = l->word[0], .line = l->number, .host = host.at, .port = port.len ? port.at : NULL, .via = p->via}))
		return;
	draft_left(d, l, DRAFT_NO_NETWORK);
	if (p->inside)
		draft_shut(d, "a path cannot be carried over");
}

static void take_directive(struct draft *d, struct path *p, const struct line *l)
{
	const bool network = line_word_is(l, 0, p->inside ? "reaches" : "local");

	if (l->n < 3 || strcmp(l->word[1], "=") != 0)
		draft_left(d, l, "not written DIRECTIVE = VALUE");
	else if (network)
		take_network(d, p, l);
	else if (line_word_is(l, 0, "fallback"))
		draft_left(d, l, "socksify never goes directly because a proxy is down");
	else if (!place(p, l))
		draft_left(d, l, "tsocks has no such directive here that socksify knows of");
}

static void write_default(struct draft *d, struct lines rest)
{
	struct path all = {.name = "server"};
	TEXT(problem, 512);

	read_server(&all, rest);
	if (write_server(d, &all, &problem))
		draft_chain(d, all.name);
	else
		draft_note(d, "There is no server outside of paths (%s): what no path reaches is refused, as by tsocks.", problem.at);
}

/* Read the lines outside of paths, or those inside. */
static void read_part(struct draft *d, struct lines lines, bool paths)
{
	struct path outside = {.via = "direct"}, path = {0};
	struct line l;

	while (lines_next(&lines, &l)) {
		if (line_word_is(&l, 0, "}"))
			path.inside = false;
		else if (line_word_is(&l, 0, "path") && paths)
			begin_path(d, &path, &l, lines);
		else if (line_word_is(&l, 0, "path"))
			path.inside = true;
		else if (path.inside == paths)
			take_directive(d, paths ? &path : &outside, &l);
	}
}

void import_tsocks(struct draft *d, struct lines *lines)
{
	draft_note(d, "tsocks asks DNS itself, which tells the names to whoever listens. With 'remote' they go to the proxy,");
	draft_note(d, "and rules for addresses are no longer compared with them.");
	draft_key(d, "dns", "system");
	draft_note(d, "tsocks sends IPv6 and UDP past the proxy; socksify does not.");
	write_default(d, *lines);
	/* What is local goes directly, wherever it stands. */
	read_part(d, *lines, false);
	read_part(d, *lines, true);
}
