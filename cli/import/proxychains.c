/* SPDX-License-Identifier: MIT */
/* proxychains: proxychains.conf, as proxychains-ng reads it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/importers.h"

struct chains {
	struct draft *draft;
	const char *mode;
	int length; /* of random and round-robin chains */
	const char *dns;
	long connect_ms, read_ms;
	int proxies;
	bool listing; /* behind [ProxyList] */
	struct text *hops;
	char subnet[4];
};

typedef void take(struct chains *, const struct line *);

static void take_strict(struct chains *c, const struct line *l)
{
	(void)l;
	c->mode = "strict";
}

static void take_dynamic(struct chains *c, const struct line *l)
{
	(void)l;
	c->mode = "dynamic";
}

static void take_random(struct chains *c, const struct line *l)
{
	(void)l;
	c->mode = "random";
}

static void take_round_robin(struct chains *c, const struct line *l)
{
	(void)l;
	c->mode = "round-robin";
}

/* "chain_len = 2" */
static const char *value(const struct line *l)
{
	const char *const equals = strchr(l->text, '=');

	return equals ? equals + 1 + strspn(equals + 1, " \t") : l->word[1];
}

static void take_length(struct chains *c, const struct line *l)
{
	const int length = atoi(value(l));

	if (length < 1)
		draft_left(c->draft, l, "a length is at least 1");
	else
		c->length = length;
}

/* socksify says nothing of connections that work, unless it is told to. */
static void take_quiet(struct chains *c, const struct line *l)
{
	(void)c, (void)l;
}

static void take_dns(struct chains *c, const struct line *l)
{
	(void)l;
	c->dns = "remote";
}

static void take_dns_old(struct chains *c, const struct line *l)
{
	c->dns = "tcp";
	draft_note(c->draft, "line %d: %s asks a DNS server through the chain. Without the next line, names go to the last proxy.",
		   l->number, l->word[0]);
}

static void take_dns_daemon(struct chains *c, const struct line *l)
{
	c->dns = "remote";
	draft_left(c->draft, l, "no daemon is needed: names go to the last proxy");
}

static void take_subnet(struct chains *c, const struct line *l)
{
	const int first = atoi(value(l));

	if (first < 1 || first == 127 || first > 223)
		draft_left(c->draft, l, "such addresses have a meaning of their own; names get one of 198.18.0.0/15 (placeholder_ipv4)");
	else
		snprintf(c->subnet, sizeof(c->subnet), "%d", first);
}

static void take_read_timeout(struct chains *c, const struct line *l)
{
	c->read_ms = atol(value(l));
}

static void take_connect_timeout(struct chains *c, const struct line *l)
{
	c->connect_ms = atol(value(l));
}

static void take_localnet(struct chains *c, const struct line *l)
{
	TEXT(host, 256);
	TEXT(port, 64);

	const bool valid = draft_network(l->word[1], &host, &port);
	if (!valid || !draft_rule(c->draft, &(struct draft_rule){.stem = "localnet",
								 .line = l->number,
								 .host = host.at,
								 .port = port.len ? port.at : NULL,
								 .via = "direct"}))
		draft_left(c->draft, l, DRAFT_NO_NETWORK);
}

static void take_dnat(struct chains *c, const struct line *l)
{
	draft_left(c->draft, l, "socksify does not replace one destination by another");
}

static const struct {
	const char *word;
	take *take;
} directives[] = {
	{"strict_chain", take_strict},
	{"dynamic_chain", take_dynamic},
	{"random_chain", take_random},
	{"round_robin_chain", take_round_robin},
	{"chain_len", take_length},
	{"quiet_mode", take_quiet},
	{"proxy_dns", take_dns},
	{"proxy_dns_old", take_dns_old},
	{"proxy_dns_daemon", take_dns_daemon},
	{"remote_dns_subnet", take_subnet},
	{"tcp_read_time_out", take_read_timeout},
	{"tcp_connect_time_out", take_connect_timeout},
	{"localnet", take_localnet},
	{"dnat", take_dnat},
};

static void take_directive(struct chains *c, const struct line *l)
{
	const size_t n = strcspn(l->word[0], "=");

	for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++) {
		if (strlen(directives[i].word) != n || strncasecmp(directives[i].word, l->word[0], n) != 0)
			continue;
		directives[i].take(c, l);
		return;
	}
	draft_left(c->draft, l, "proxychains has no such directive that socksify knows of");
}

static void leave_proxy(struct chains *c, const struct line *l, const char *why)
{
	draft_left(c->draft, l, "%s", why);
	draft_shut(c->draft, "a proxy of the list cannot be carried over");
}

/* "socks5 192.168.67.78 1080 lamer secret" */
static void take_proxy(struct chains *c, const struct line *l)
{
	struct server s = {l->word[0], l->word[1], l->word[2], l->n > 3 ? l->word[3] : NULL, l->n > 4 ? l->word[4] : NULL};
	TEXT(problem, 512);
	TEXT(name, 32);

	if (strcmp(s.scheme, "socks4") == 0)
		s.scheme = "socks4a"; /* proxychains gives names to such a proxy, too */
	if (strcmp(s.scheme, "raw") == 0) {
		leave_proxy(c, l, "'raw' forwards to a fixed place without asking for the destination; socksify always asks");
		return;
	}
	text_add(&name, "hop%d", c->proxies + 1);
	if (l->n < 3)
		text_add(&problem, "a proxy is written TYPE ADDRESS PORT [USER PASSWORD]");
	if (problem.len || !draft_proxy(c->draft, name.at, l->number, &s, &problem)) {
		leave_proxy(c, l, problem.at);
		return;
	}
	text_add(c->hops, "%s%s", c->proxies++ ? ",\n    " : "", name.at);
}

/* Write how many proxies a connection takes. With fewer than that proxychains does not connect. */
static void write_length(const struct chains *c)
{
	const bool enough = c->length <= c->proxies;

	if (!enough)
		draft_shut(c->draft, "chain_len asks for more proxies than there are");
	fprintf(c->draft->proxies, "length = %d\n", enough ? c->length : c->proxies);
}

static void write_chain(const struct chains *c)
{
	struct draft *const d = c->draft;

	if (!c->proxies)
		return;
	draft_chain(d, "imported");
	fprintf(d->proxies, "\n[chain imported]\nhops = %s\nmode = %s\n", c->hops->at, c->mode);
	if (strcmp(c->mode, "random") == 0 || strcmp(c->mode, "round-robin") == 0)
		write_length(c);
	draft_rule(d, &(struct draft_rule){.stem = "loopback",
					   .host = "127.0.0.0/8, ::1, localhost",
					   .via = d->shut ? "block" : "imported",
					   .why = "proxychains makes no exception for loopback; without this rule it goes directly."});
}

static void write_duration(const struct chains *c, const char *key, long ms)
{
	const long most = 24 * 60 * 60 * 1000L;

	ms = ms < 1 ? 1 : ms > most ? most : ms;
	draft_key(c->draft, key, ms % 1000 ? "%ldms" : "%lds", ms % 1000 ? ms : ms / 1000);
}

static void write_settings(const struct chains *c)
{
	struct draft *const d = c->draft;

	if (strcmp(c->dns, "system") == 0)
		draft_note(
			d,
			"Without proxy_dns, proxychains asks DNS itself, which tells the names to whoever listens; 'remote' gives them to the proxy.");
	draft_key(d, "dns", "%s", c->dns);
	if (c->subnet[0])
		draft_key(d, "placeholder_ipv4", "%s.0.0.0/8", c->subnet);
	write_duration(c, "hop_timeout", c->connect_ms + c->read_ms);
	write_duration(c, "timeout", (c->connect_ms + c->read_ms) * (c->proxies > 1 ? c->proxies : 1));
	draft_note(d, "proxychains sends UDP past the proxy; socksify refuses what no proxy carries, unless: udp = direct");
}

void import_proxychains(struct draft *d, struct lines *lines)
{
	static char bytes[16 * 1024];
	struct text hops = {.at = bytes, .size = sizeof(bytes)};
	/* Without these directives, proxychains-ng takes these values. */
	struct chains c = {
		.draft = d, .mode = "strict", .length = 1, .dns = "system", .connect_ms = 10000, .read_ms = 4000, .hops = &hops};
	struct line l;

	bytes[0] = '\0';
	while (lines_next(lines, &l)) {
		if (line_word_is(&l, 0, "[ProxyList]"))
			c.listing = true;
		else if (c.listing)
			take_proxy(&c, &l);
		else
			take_directive(&c, &l);
	}
	write_chain(&c);
	write_settings(&c);
}
