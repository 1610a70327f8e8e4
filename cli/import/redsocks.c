/* SPDX-License-Identifier: MIT */
/* redsocks: the proxies of redsocks.conf. What goes to which of them is a matter of the firewall's, and stands elsewhere. */
#include <string.h>

#include "cli/import/importers.h"

enum { VALUE = 256 };

struct block {
	struct line head; /* "redsocks {": its number and text */
	char name[VALUE];
	char host[VALUE], port[VALUE], type[VALUE], user[VALUE], password[VALUE];
};

/* What has been read of "NAME {" or "KEY = VALUE;", which may take several lines. */
struct statement {
	char word[3][VALUE];
	int n;
};

static void take_value(struct block *b, const struct statement *s)
{
	const struct {
		const char *word;
		char *to;
	} places[] = {{"ip", b->host}, {"port", b->port}, {"type", b->type}, {"login", b->user}, {"password", b->password}};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strcmp(s->word[0], places[i].word) == 0)
			snprintf(places[i].to, VALUE, "%s", s->word[2]);
}

/* Returns the scheme of a type, or NULL. */
static const char *scheme(const char *type)
{
	static const char *const schemes[][2] = {{"socks4", "socks4a"}, {"socks5", "socks5"}, {"http-connect", "http"}};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strcmp(type, schemes[i][0]) == 0)
			return schemes[i][1];
	return NULL;
}

static void end_proxy(struct draft *d, const struct block *b)
{
	struct server s = {scheme(b->type), b->host, b->port, b->user[0] ? b->user : NULL, b->password[0] ? b->password : NULL};
	TEXT(problem, 512);
	TEXT(name, 64);

	text_add(&name, "redsocks-%d", b->head.number);
	if (!s.scheme)
		text_add(&problem, "type '%s': socksify speaks socks4, socks5 and http-connect", b->type);
	else if (draft_proxy(d, name.at, b->head.number, &s, &problem) && strcmp(d->chain, "block") == 0)
		draft_chain(d, name.at);
	if (problem.len)
		draft_left(d, &b->head, "%s", problem.at);
}

static void end_block(struct draft *d, const struct block *b)
{
	if (strcmp(b->name, "redsocks") == 0)
		end_proxy(d, b);
	else if (strcmp(b->name, "redudp") == 0)
		draft_left(d, &b->head, "UDP goes through the chain's own proxies, if they relay it");
	else if (strcmp(b->name, "dnstc") == 0)
		draft_left(d, &b->head, "names go to the proxy, without DNS");
}

static void begin_block(struct block *b, const struct line *l, const char *name)
{
	*b = (struct block){.head = {.number = l->number}};
	memcpy(b->head.text, l->text, sizeof(l->text));
	snprintf(b->name, sizeof(b->name), "%s", name);
}

/* Returns true unless the statement goes on. */
static bool end_statement(struct draft *d, struct block *b, const struct statement *s, const struct line *l)
{
	if (s->n == 2 && strcmp(s->word[1], "{") == 0)
		begin_block(b, l, s->word[0]);
	else if (s->n == 1 && strcmp(s->word[0], "}") == 0)
		end_block(d, b);
	else if (s->n == 3)
		take_value(b, s);
	else
		return strcmp(s->word[s->n - 1], ";") == 0;
	return true;
}

void import_redsocks(struct draft *d, struct lines *lines)
{
	struct statement s = {.n = 0};
	struct block b = {0};
	struct line l;

	draft_note(d, "What went to redsocks was the firewall's choice. Here everything goes to the first proxy; rules make exceptions.");
	while (lines_next(lines, &l))
		for (int i = 0; i < l.n; i++) {
			snprintf(s.word[s.n++], VALUE, "%s", l.word[i]);
			if (end_statement(d, &b, &s, &l))
				s.n = 0;
		}
}
