/* SPDX-License-Identifier: MIT */
/* explain_json: the members stand for the lines that people are shown. */
#include "cli/explain/explain_json.h"

#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/known.h"
#include "cli/known_early.h"
#include "cli/route.h"
#include "core/base/err.h"

static void put_rule(const struct verdict *v)
{
	if (!v->rule) {
		json_string("rule", NULL);
		return;
	}
	json_begin("rule", '{');
	json_string("name", v->rule->name);
	json_string("file", v->rule->file);
	if (v->rule->line)
		json_number("line", v->rule->line);
	json_end('}');
}

static void put_hops(const struct route *route)
{
	json_begin("hops", '[');
	for (size_t i = 0; route->kind == ROUTE_CHAIN && i < route->n; i++) {
		TEXT(url, PROXY_TEXT);
		proxy_text(route->hops[i], &url);
		json_string(NULL, url.at);
	}
	json_end(']');
}

void explain_json(const struct config *c, const struct addr *asked, bool udp, const struct verdict *v, int rc)
{
	char destination[ADDR_TEXT];
	TEXT(via, 256);

	json_begin(NULL, '{');
	json_string("destination", addr_string(asked, destination));
	json_string("protocol", udp ? "udp" : "tcp");
	put_rule(v);
	json_bool("loopback", v->loopback);
	if (v->chosen) {
		route_name(c, v->chosen, &via);
		json_string("via", via.at);
		put_hops(v->chosen);
		json_string("mode", v->chosen->kind == ROUTE_CHAIN ? route_mode(v->chosen) : NULL);
		known_json(v->chosen);
		known_early_json(v->chosen);
	}
	json_bool("here", v->route && v->route->kind == ROUTE_HERE);
	json_string("refused", rc < 0 ? strerrorname_np(err_errno(rc)) : NULL);
	json_string("reason", rc < 0 ? err_text(rc) : NULL);
	json_end('}');
	putchar('\n');
}
