/* SPDX-License-Identifier: MIT */
/* explain_socket: ask as the guard does. */
#include "cli/explain/explain_socket.h"

#include <stdio.h>

#include "cli/json.h"
#include "cli/say.h"
#include "core/exec/outside.h"

/* Returns what becomes of a connection to a program that is not proxied. */
static const char *consequence(const struct config *c)
{
	static const char *const words[] = {[DAEMONS_WARN] = "told (daemons = warn)",
					    [DAEMONS_BLOCK] = "refused (daemons = block)",
					    [DAEMONS_ALLOW] = "not told (daemons = allow)"};

	return app_goes_direct(&(struct app){.config = c}) ? "not told, as the default is direct" : words[c->daemons];
}

static void as_object(const struct config *c, const char *path, const struct outside *o)
{
	TEXT(name, 128);

	json_begin(NULL, '{');
	json_string("destination", path);
	json_string("protocol", "unix");
	json_string("via", "direct");
	if (o)
		outside_name(o, &name);
	json_string("daemon", o ? name.at : NULL);
	json_string("consequence", o ? consequence(c) : NULL);
	json_string("type", o ? outside_remedy(o) : NULL);
	json_end('}');
	putchar('\n');
}

int explain_socket(const struct config *c, const char *path, bool as_json)
{
	struct outside o;
	const bool found = outside_listens(path, path, &o);
	TEXT(name, 128);

	if (as_json) {
		as_object(c, path, found ? &o : NULL);
		return 0;
	}
	print_line("%s unix", path);
	print_line("  via     this machine: no proxy is asked");
	if (!found)
		return 0;
	outside_name(&o, &name);
	print_line("  daemon  %s, which is not proxied: %s", name.at, consequence(c));
	print_line("  type    %s", outside_remedy(&o));
	return 0;
}
