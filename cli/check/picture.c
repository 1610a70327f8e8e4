/* SPDX-License-Identifier: MIT */
/* picture: you ──0.3 ms──> office:1080 ──21 ms──> example.com:443, and a line about each hop. */
#include "cli/check/picture.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/check/advice.h"
#include "cli/check/layers.h"
#include "cli/check/manners.h"
#include "cli/json.h"
#include "cli/known.h"
#include "cli/known_early.h"
#include "cli/say.h"
#include "core/base/err.h"

static bool has_utf8(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void add_ms(struct text *t, double ms)
{
	char number[32];

	snprintf(number, sizeof(number), "%.*f", ms < 10 ? 1 : 0, ms);
	text_add(t, "%s", number);
}

static void print_leg(double ms, const char *to)
{
	const char *const line = has_utf8() ? "\xe2\x94\x80\xe2\x94\x80" : "--";
	TEXT(time, 32);

	add_ms(&time, ms);
	print(" %s%s ms%s> %s", line, time.at, line, to);
}

/* Append an error about a hop that is reached as a destination: what it says of "the destination" is then said of the hop. */
static void add_hop_error(struct text *t, int rc)
{
	static const char destination[] = "the destination";
	const char *const text = err_text(rc), *const rest = text + sizeof(destination) - 1;

	if (strncmp(text, destination, sizeof(destination) - 1) != 0)
		text_add(t, "%s", text);
	else
		text_add(t, *rest == '\'' ? "its%s" : "it%s", rest + 2 * (*rest == '\''));
}

/* Append what became of it all. */
static void add_outcome(struct text *t, const struct probe *p)
{
	const bool hop = p->reached < p->n && err_whose(p->rc) != ERR_OF_PROXY;

	if (p->rc == 0)
		text_add(t, p->target ? "connected" : p->greeted ? "lets us in" : "is there");
	else if (p->works)
		text_add(t, "%s (the chain works)", err_text(p->rc));
	else if (hop)
		add_hop_error(t, p->rc);
	else
		text_add(t, "hop %zu: %s", p->at + 1, err_text(p->rc));
}

static void print_way(const struct probe *p)
{
	const size_t legs = p->reached < p->n ? p->reached + 1 : p->n;
	char name[ADDR_TEXT];
	TEXT(outcome, 512);

	print("  you");
	for (size_t i = 0; i < legs; i++)
		print_leg(p->ms[i], addr_string(&p->route->hops[i]->addr, name));
	if (p->reached == p->n && p->target)
		print_leg(p->ms[p->n], addr_string(p->target, name));
	add_outcome(&outcome, p);
	print_line("  %s", outcome.at);
}

static void print_udp(const struct probe_udp *udp)
{
	char at[ADDR_TEXT];

	if (!udp->tried)
		print("; UDP not tried");
	else if (udp->rc == 0)
		print("; UDP relayed at %s", addr_string(&udp->relay, at));
	else if (udp->rc == ERR_PROXY_RELAY)
		print("; UDP no: %s: %s", err_text(udp->rc), addr_string(&udp->relay, at));
	else
		print("; UDP no: %s", err_text(udp->rc));
}

static void print_hop(const struct probe *p, size_t i, int width)
{
	TEXT(url, PROXY_TEXT);

	proxy_text(p->route->hops[i], &url);
	print("  %zu  %-*s  %s", i + 1, width, url.at, manners_entry(p, i));
	print("; names %s", proxy_can(p->route->hops[i], PROXY_NAMES) ? "yes" : "no");
	if (proxy_can(p->route->hops[i], PROXY_COMMANDS))
		print_udp(&p->udp[i]);
	else
		print("; UDP no");
	print_line("; pipelining %s", manners_pipelining(p->route->hops[i]));
}

static int url_width(const struct probe *p)
{
	size_t width = 0;

	for (size_t i = 0; i < p->n; i++) {
		TEXT(url, PROXY_TEXT);
		proxy_text(p->route->hops[i], &url);
		width = url.len > width ? url.len : width;
	}
	return (int)width;
}

void picture_print(const struct probe *p)
{
	const int width = url_width(p);

	print_way(p);
	for (size_t i = 0; i < p->n; i++)
		print_hop(p, i, width);
	if (p->works && !p->target)
		print_line("  not tried: a destination, and so whether the last hop reaches any (--check HOST:PORT does)");
	if (!p->works && advice(p))
		print_line("  %s", advice(p));
}

static void json_hop(const struct probe *p, size_t i)
{
	TEXT(url, PROXY_TEXT);
	char relay[ADDR_TEXT];

	proxy_text(p->route->hops[i], &url);
	json_begin(NULL, '{');
	json_string("url", url.at);
	json_bool("reached", i < p->reached);
	if (i <= p->reached)
		json_number("ms", p->ms[i]);
	json_string("entry", manners_entry(p, i));
	json_bool("names", proxy_can(p->route->hops[i], PROXY_NAMES));
	json_string("pipelining", manners_pipelining(p->route->hops[i]));
	if (p->udp[i].tried)
		json_bool("udp", p->udp[i].rc == 0);
	if (p->udp[i].tried && p->udp[i].rc == 0)
		json_string("relay", addr_string(&p->udp[i].relay, relay));
	json_end('}');
}

void picture_json(const struct probe *p, const char *name, const char *source)
{
	char target[ADDR_TEXT];
	TEXT(outcome, 512);

	add_outcome(&outcome, p);
	json_begin(NULL, '{');
	json_string("chain", name);
	json_string("source", source);
	json_bool("works", p->works);
	json_string("destination", p->target ? addr_string(p->target, target) : NULL);
	json_string("outcome", outcome.at);
	if (p->reached == p->n && p->target)
		json_number("ms", p->ms[p->n]);
	json_string("advice", p->works ? NULL : advice(p));
	json_begin("hops", '[');
	for (size_t i = 0; i < p->n; i++)
		json_hop(p, i);
	json_end(']');
	known_json(p->route);
	known_early_json(p->route);
	layers_json();
	json_end('}');
}
