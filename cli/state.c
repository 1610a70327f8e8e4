/* SPDX-License-Identifier: MIT */
/* state: read the configuration, and say no more of it than a line. */
#include "state.h"

#include <unistd.h>

#include "conf/load/config_path.h"
#include "core/base/env.h"
#include "route.h"
#include "say.h"

static void print_chain(const struct config *c)
{
	TEXT(way, 16 * PROXY_TEXT);

	route_name(c, c->chain, &way);
	if (c->chain->kind == ROUTE_CHAIN)
		text_add(&way, ": ");
	route_hops(c->chain, &way);
	print_line("now: %s (%s)", way.at, c->source);
}

void state_print(void)
{
	TEXT(problems, 16 * 1024);
	TEXT(path, 4096);
	struct config c;

	env_capture(environ);
	if (config_read(&c, (struct arena){0}, &problems)) {
		print_chain(&c);
		config_free(&c);
	} else if (config_path_found(&path)) {
		print_line("now: %s has mistakes, which any command shows", path.at);
	} else {
		print_line("now: no configuration; -x URL gives a proxy");
	}
}
