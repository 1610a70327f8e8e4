/* SPDX-License-Identifier: MIT */
/* transcript: a conversation on the wire, read from a text file; README.md has the format. */
#ifndef TESTS_TRANSCRIPTS_TRANSCRIPT_H
#define TESTS_TRANSCRIPTS_TRANSCRIPT_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/proxy.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/text.h"
#include "replay.h"

enum { TRANSCRIPT_HOPS = 4, TRANSCRIPT_TURNS = 32, TRANSCRIPT_BYTES = 48 * 1024, TRANSCRIPT_LINE = 1024 };

struct transcript {
	char title[TRANSCRIPT_LINE];
	struct proxy hops[TRANSCRIPT_HOPS];
	const struct proxy *chain[TRANSCRIPT_HOPS];
	struct addr target;
	struct login login; /* for hops without credentials of their own; empty: none */
	struct turn turns[TRANSCRIPT_TURNS];
	size_t n_hops, n_turns;
	struct buf client, server, rest;
	uint8_t client_bytes[TRANSCRIPT_BYTES], server_bytes[TRANSCRIPT_BYTES], rest_bytes[TRANSCRIPT_LINE];
	int rc;     /* 0: done */
	size_t hop; /* the hop that `rc` speaks of, from 0 */
	bool answered, ended;
	enum command command;         /* what the last hop is asked to do; 0: to connect */
	int (*then)(struct tunnel *); /* what comes after the server's last byte; NULL: what follows an end */
	struct addr bound;            /* what the last reply says; ADDR_NONE: the transcript does not tell */
};

static inline void transcript_clear(struct transcript *t)
{
	memset(t, 0, sizeof *t);
	t->client = (struct buf){.at = t->client_bytes, .size = sizeof t->client_bytes};
	t->server = (struct buf){.at = t->server_bytes, .size = sizeof t->server_bytes};
	t->rest = (struct buf){.at = t->rest_bytes, .size = sizeof t->rest_bytes};
}

static inline int err_by_name(const char *name, size_t n)
{
	static const struct {
		const char *name;
		int rc;
	} rows[] = {
#define ERR(name, number, whose, text) {#name, ERR_##name},
#include "core/base/err.def"
#undef ERR
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
			return rows[i].rc;
	return 0;
}

/* "text" with the escapes \r \n \" \\; where it ends, or NULL. */
static inline const char *read_text(struct buf *b, const char *at)
{
	static const char escapes[] = "r\rn\n\"\"\\\\";

	for (at++; *at && *at != '"'; at++) {
		if (*at != '\\') {
			buf_u8(b, (uint8_t)*at);
			continue;
		}
		const char *e = *++at ? strchr(escapes, *at) : NULL;
		if (!e)
			return NULL;
		buf_u8(b, (uint8_t)e[1]);
	}
	return *at ? at + 1 : NULL;
}

/* Two hexadecimal digits; where they end, or NULL. */
static inline const char *read_octet(struct buf *b, const char *at)
{
	unsigned value = 0;

	if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
		return NULL;
	sscanf(at, "%2x", &value);
	buf_u8(b, value);
	return at + 2;
}

/* Octets and texts, each perhaps followed by *COUNT. */
static inline bool read_bytes(struct buf *b, const char *at)
{
	for (at += strspn(at, " "); at && *at; at += strspn(at, " ")) {
		const size_t from = b->len;
		at = *at == '"' ? read_text(b, at) : read_octet(b, at);
		if (!at)
			return false;
		const size_t n = b->len - from;
		for (long times = *at == '*' ? strtol(at + 1, (char **)&at, 10) : 1; times > 1; times--)
			buf_put(b, b->at + from, n);
	}
	return at && !b->overflow;
}

/* A turn ends where the client speaks again. */
static inline bool read_turn(struct transcript *t, char who, const char *bytes)
{
	if (!t->n_turns || (who == 'C' && t->answered))
		if (t->n_turns++ == TRANSCRIPT_TURNS)
			return false;
	t->answered = who == 'S';
	if (!read_bytes(who == 'C' ? &t->client : &t->server, bytes))
		return false;
	t->turns[t->n_turns - 1] = (struct turn){t->client.len, t->server.len};
	return true;
}

/* A proxy's URL, perhaps followed by "pipelined". */
static inline bool read_hop(struct transcript *t, const char *value)
{
	struct proxy *const hop = &t->hops[t->n_hops];
	const size_t n = strcspn(value, " ");
	TEXT(url, TRANSCRIPT_LINE);
	TEXT(problem, 256);

	text_add(&url, "%.*s", (int)n, value);
	if (t->n_hops == TRANSCRIPT_HOPS || !proxy_parse(hop, url.at, &problem))
		return false;
	if (value[n] && strcmp(value + n, " pipelined") != 0)
		return false;
	hop->pipeline = value[n] ? PIPELINE_YES : PIPELINE_NO;
	t->chain[t->n_hops] = &t->hops[t->n_hops];
	t->n_hops++;
	return true;
}

/* "done", or "NAME at hop N" with a NAME of err.def. */
static inline bool read_end(struct transcript *t, const char *value)
{
	t->ended = true;
	if (strcmp(value, "done") == 0) {
		t->hop = t->n_hops;
		return true;
	}
	const size_t n = strcspn(value, " ");
	t->rc = err_by_name(value, n);
	return t->rc && sscanf(value + n, " at hop %zu", &t->hop) == 1 && t->hop--;
}

/* A destination; or "UDP": the last hop is asked to relay datagrams; or "RESOLVE NAME", "RESOLVE_PTR ADDRESS". */
static inline bool read_target(struct transcript *t, const char *value)
{
	static const struct {
		const char *word;
		enum command command;
	} words[] = {{"UDP", COMMAND_ASSOCIATE}, {"RESOLVE ", COMMAND_RESOLVE}, {"RESOLVE_PTR ", COMMAND_RESOLVE_PTR}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(value, words[i].word, strlen(words[i].word)) == 0) {
			t->command = words[i].command;
			value += strlen(words[i].word);
		}
	if (t->command == COMMAND_ASSOCIATE)
		t->target = (struct addr){.kind = ADDR_IPV4};
	return t->command == COMMAND_ASSOCIATE || addr_parse(&t->target, value, strlen(value), 0);
}

/* "hangs up" or "silence": what the server does where an answer is awaited. */
static inline bool read_then(struct transcript *t, const char *value)
{
	t->then = strcmp(value, "hangs up") == 0 ? tunnel_closed : strcmp(value, "silence") == 0 ? tunnel_overdue : NULL;
	return t->then != NULL;
}

static inline bool read_line(struct transcript *t, const char *line)
{
	const char *value = strchr(line, ':');

	if (!value)
		return false;
	const size_t n = (size_t)(value - line);
	value += 1 + strspn(value + 1, " ");
	if (n == 3 && memcmp(line, "via", n) == 0)
		return read_hop(t, value);
	if (n == 5 && memcmp(line, "login", n) == 0)
		return sscanf(value, "%255s %255s", t->login.username, t->login.password) == 2;
	if (n == 2 && memcmp(line, "to", n) == 0)
		return read_target(t, value);
	if (n == 1 && (*line == 'C' || *line == 'S'))
		return read_turn(t, *line, value);
	if (n == 4 && memcmp(line, "rest", n) == 0)
		return read_bytes(&t->rest, value);
	if (n == 4 && memcmp(line, "then", n) == 0)
		return read_then(t, value);
	if (n == 5 && memcmp(line, "bound", n) == 0)
		return addr_parse(&t->bound, value, strlen(value), 0);
	return n == 3 && memcmp(line, "end", n) == 0 && read_end(t, value);
}

/* The next transcript of `f`: 1; 0 at the end of the file; -1 if line `*n` is not understood. */
static inline int transcript_read(struct transcript *t, FILE *f, unsigned *n)
{
	char line[TRANSCRIPT_LINE];

	transcript_clear(t);
	while (!t->ended && fgets(line, sizeof line, f)) {
		++*n;
		line[strcspn(line, "\n")] = 0;
		if (line[0] == '#' || !line[0])
			continue;
		if (strncmp(line, "== ", 3) == 0 && !t->title[0])
			strcpy(t->title, line + 3);
		else if (!t->title[0] || !read_line(t, line))
			return -1;
	}
	return t->ended ? 1 : t->title[0] ? -1 : 0;
}

#endif
