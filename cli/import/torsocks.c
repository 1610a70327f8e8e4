/* SPDX-License-Identifier: MIT */
/* torsocks: torsocks.conf. Without a line, torsocks does what its manual says; we write that down. */
#include <stdlib.h>
#include <string.h>

#include "cli/import/importers.h"

struct tor {
	char host[256], port[16], user[256], password[256];
	int line; /* of the address or port */
	bool isolate, ipv6, loopback;
};

static void take_line(struct draft *d, struct tor *t, const struct line *l)
{
	const struct {
		const char *word;
		char *to;
		size_t size;
	} texts[] = {{"TorAddress", t->host, sizeof(t->host)},
		     {"TorPort", t->port, sizeof(t->port)},
		     {"SOCKS5Username", t->user, sizeof(t->user)},
		     {"SOCKS5Password", t->password, sizeof(t->password)}};
	const struct {
		const char *word;
		bool *to;
	} switches[] = {{"IsolatePID", &t->isolate}, {"EnableIPv6", &t->ipv6}, {"AllowOutboundLocalhost", &t->loopback}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (line_word_is(l, 0, texts[i].word)) {
			snprintf(texts[i].to, texts[i].size, "%s", l->word[1]);
			t->line = t->line ? t->line : l->number;
			return;
		}
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		if (line_word_is(l, 0, switches[i].word)) {
			*switches[i].to = atoi(l->word[1]) > 0;
			return;
		}
	if (line_word_is(l, 0, "OnionAddrRange"))
		draft_left(d, l, "all names, not those of onion services alone, get an address of 198.18.0.0/15 (placeholder_ipv4)");
	else if (line_word_is(l, 0, "AllowInbound"))
		draft_left(d, l, "socksify leaves listening sockets alone");
	else
		draft_left(d, l, "torsocks has no such directive that socksify knows of");
}

static void write_rules(struct draft *d, const struct tor *t)
{
	const struct draft_rule loopback = {
		.stem = "loopback",
		.host = "127.0.0.0/8, ::1, localhost",
		.via = "block",
		.why = "As torsocks without AllowOutboundLocalhost; without this rule it goes directly.",
	};
	const struct draft_rule ipv6 = {.stem = "ipv6", .host = "::/0", .via = "block", .why = "As torsocks without EnableIPv6."};

	if (!t->loopback)
		draft_rule(d, &loopback);
	if (!t->ipv6)
		draft_rule(d, &ipv6);
}

void import_torsocks(struct draft *d, struct lines *lines)
{
	struct tor t = {.host = "127.0.0.1", .port = "9050"};
	struct line l;
	TEXT(problem, 512);

	while (lines_next(lines, &l))
		take_line(d, &t, &l);
	const struct server s = {"socks5", t.host, t.port, t.user[0] ? t.user : NULL, t.password[0] ? t.password : NULL};
	if (draft_proxy(d, "tor", t.line, &s, &problem))
		draft_chain(d, "tor");
	else
		draft_note(d, "the address of Tor cannot be carried over: %s", problem.at);
	if (t.password[0] && !t.user[0])
		draft_note(d, "SOCKS5Password stands without a SOCKS5Username, so it cannot be carried over.");
	draft_note(d, "As torsocks does: names are asked of Tor, and UDP, which Tor does not carry, is refused.");
	draft_key(d, "dns", "remote");
	draft_key(d, "udp", "block");
	if (t.isolate)
		draft_key(d, "isolate", "process");
	write_rules(d, &t);
}
