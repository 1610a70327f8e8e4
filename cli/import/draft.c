/* SPDX-License-Identifier: MIT */
/* draft: collect each part in memory, in the order of the finished file. */
#include "cli/import/draft.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/proxy.h"
#include "conf/rule.h"
#include "core/base/ascii.h"

static FILE **part(struct draft *d, int i)
{
	FILE **const parts[] = {&d->settings, &d->proxies, &d->rules, &d->left};

	return parts[i];
}

bool draft_begin(struct draft *d)
{
	*d = (struct draft){.chain = "block"};
	for (int i = 0; i < 4; i++)
		if (!(*part(d, i) = open_memstream(&d->part[i], &d->size[i])))
			return false;
	return true;
}

void draft_end(struct draft *d)
{
	for (int i = 0; i < 4; i++) {
		if (*part(d, i))
			fclose(*part(d, i));
		free(d->part[i]);
	}
}

/* Write one line, in which nothing that the other file says can end it. */
static void write_line(FILE *to, const char *before, const char *format, va_list args)
{
	TEXT(line, 3 * LINE_TEXT);

	text_add_list(&line, format, args);
	text_make_printable(&line, 0);
	fprintf(to, "%s%s\n", before, line.at);
}

void draft_key(struct draft *d, const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(d->settings, "%s", key);
	write_line(d->settings, " = ", format, args);
	va_end(args);
}

void draft_note(struct draft *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(d->settings, "; ", format, args);
	va_end(args);
}

void draft_left(struct draft *d, const struct line *l, const char *why, ...)
{
	TEXT(line, 2 * LINE_TEXT);
	va_list args;

	d->lefts++;
	text_add(&line, ";   line %d: %s", l->number, l->text);
	text_make_printable(&line, 0);
	fprintf(d->left, "%s\n", line.at);
	va_start(args, why);
	write_line(d->left, ";       ", why, args);
	va_end(args);
}

/* A value that ini files and URLs take as it is. */
static void add_encoded(struct text *url, const char *value)
{
	for (; *value; value++)
		text_add(url, ascii_is_alnum(*value) || strchr("-._~", *value) ? "%c" : "%%%02X", (unsigned char)*value);
}

static void add_url(struct text *url, const struct server *s)
{
	const bool bare = strchr(s->host, ':') && s->host[0] != '[';

	text_add(url, "%s://", s->scheme);
	if (s->user) {
		add_encoded(url, s->user);
		if (s->password) {
			text_add(url, ":");
			add_encoded(url, s->password);
		}
		text_add(url, "@");
	}
	text_add(url, bare ? "[%s]" : "%s", s->host);
	if (s->port)
		text_add(url, ":%s", s->port);
}

static bool is_taken(struct draft *d, const char *name)
{
	TEXT(head, 2 * LINE_TEXT);

	text_add(&head, "\n[proxy %s]\n", name);
	fflush(d->proxies);
	return strstr(d->part[1], head.at);
}

bool draft_proxy(struct draft *d, const char *name, int line, const struct server *s, struct text *problem)
{
	TEXT(url, 2 * LINE_TEXT);
	TEXT(own, LINE_TEXT);
	struct proxy p;

	text_add(&own, is_taken(d, name) ? "%s-%d" : "%s", name, line);
	add_url(&url, s);
	if (strpbrk(s->host, "@/; \t") || url.cut)
		text_add(problem, "bad host '%s'", s->host);
	else if (proxy_parse(&p, url.at, problem))
		fprintf(d->proxies, "\n[proxy %s]\n; line %d\nurl = %s\n", own.at, line, url.at);
	return !problem->len;
}

static bool is_rule(const struct draft_rule *r)
{
	struct arena arena = {0};
	struct rule probe = {0};
	TEXT(problem, 256);

	const bool valid = (!r->host || strchr(r->host, ',') || rule_add_host(&probe, &arena, r->host, strlen(r->host), &problem)) &&
			   (!r->port || rule_add_port(&probe, &arena, r->port, strlen(r->port), &problem));
	arena_free(&arena);
	return valid;
}

static void write_value(FILE *to, const char *key, const char *value)
{
	if (value)
		fprintf(to, "%s = %s\n", key, value);
}

bool draft_rule(struct draft *d, const struct draft_rule *r)
{
	if (!is_rule(r))
		return false;
	if (r->line)
		fprintf(d->rules, "\n[rule %s-%d]\n; line %d\n", r->stem, r->line, r->line);
	else
		fprintf(d->rules, "\n[rule %s]\n", r->stem);
	if (r->why)
		fprintf(d->rules, "; %s\n", r->why);
	write_value(d->rules, "host", r->host);
	write_value(d->rules, "port", r->port);
	write_value(d->rules, "protocol", r->protocol);
	write_value(d->rules, "via", r->via);
	return true;
}

void draft_chain(struct draft *d, const char *name)
{
	snprintf(d->chain, sizeof(d->chain), "%s", name);
}

void draft_shut(struct draft *d, const char *why)
{
	d->shut = why;
}

void draft_write(struct draft *d, FILE *to, const char *path, const char *kind)
{
	for (int i = 0; i < 4; i++)
		fflush(*part(d, i));
	fprintf(to, "; socksify.ini, made of %s (%s). What each key means: socksify.ini(5).\n", path, kind);
	fputs("; Save it as ~/.socksify.ini, and keep it from others if it holds a password: chmod 600 ~/.socksify.ini\n", to);
	if (d->lefts)
		fprintf(to, ";\n; Not carried over:\n%s", d->part[3]);
	fputs("\n[socksify]\n", to);
	if (d->shut)
		fprintf(to, "; %s: rather than go another way, nothing goes out\n", d->shut);
	if (d->shut && strcmp(d->chain, "block") != 0)
		fprintf(to, "; without that line it would be: chain = %s\n", d->chain);
	fprintf(to, "chain = %s\n", d->shut ? "block" : d->chain);
	fprintf(to, "%s%s%s", d->part[0], d->part[1], d->part[2]);
}

bool draft_network(const char *word, struct text *host, struct text *port)
{
	const char *const slash = strchr(word, '/'), *const mask = slash ? slash : word + strlen(word);
	const char *const bracket = word[0] == '[' ? memchr(word, ']', (size_t)(mask - word)) : NULL;
	const char *const first = memchr(word, ':', (size_t)(mask - word)), *const last = memrchr(word, ':', (size_t)(mask - word));
	const char *const colon = bracket ? (bracket[1] == ':' ? bracket + 1 : NULL) : first == last ? first : NULL;
	const char *const end = bracket ? bracket : colon ? colon : mask;
	const char *const from = word + (bracket != NULL);

	struct addr a;

	text_add(host, "%.*s%s", (int)(end - from), from, mask);
	if (colon)
		text_add(port, "%.*s", (int)(mask - colon - 1), colon + 1);
	return addr_parse_host(&a, from, (size_t)(end - from)) && a.kind != ADDR_NAME && (!colon || port->len);
}
