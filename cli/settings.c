/* SPDX-License-Identifier: MIT */
/* settings: setenv(3), after a check of what the user typed. */
#include "settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/load/key.h"
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "mistakes.h"
#include "say.h"

static bool out_of_memory(void)
{
	say("out of memory");
	return false;
}

bool settings_put(const char *variable, const char *value)
{
	/* The flag decides, whichever of the two the environment had. */
	if (strcmp(variable, "SOCKSIFY_CHAIN") == 0)
		unsetenv("SOCKSIFY_PROXY");
	return setenv(variable, value, 1) == 0 || out_of_memory();
}

/* True if it is a key that can be set outside a file; else `hint` says what may have been meant. */
static bool is_key(const char *name, struct text *hint)
{
	const struct key *key = key_find(SECTION_SOCKSIFY, name);

	if (key && !(key->how & KEY_FILE))
		return true;
	if (!key)
		key_suggest(SECTION_SOCKSIFY, name, hint);
	return false;
}

bool settings_put_key(const char *assignment)
{
	const size_t n = strcspn(assignment, "=");
	TEXT(name, 64);
	TEXT(variable, 80);
	TEXT(hint, 128);
	TEXT(flag, 80);

	if (n == 0 || !assignment[n]) {
		say("'-o' needs KEY=VALUE, not '%s'", assignment);
		return false;
	}
	text_add(&name, "%.*s", (int)n, assignment);
	if (!is_key(name.at, &hint)) {
		say("'-o' knows no key '%s'%s", name.at, hint.at);
		return false;
	}
	text_add(&variable, "SOCKSIFY_");
	for (size_t i = 0; i < name.len; i++)
		text_add(&variable, "%c", ascii_upper(name.at[i]));
	text_add(&flag, "-o %s", name.at);
	mistakes_typed(variable.at, flag.at);
	return settings_put(variable.at, assignment + n + 1);
}

/* Append `item` to the list. */
static bool join(char **list, char separator, const char *item)
{
	char *longer;
	const int n = *list ? asprintf(&longer, "%s%c%s", *list, separator, item) : asprintf(&longer, "%s", item);

	if (n < 0)
		return out_of_memory();
	free(*list);
	*list = longer;
	return true;
}

/* True if there are several URLs. A user name or password may have a comma, but its '/' would have to be encoded. */
static bool is_list(const char *url)
{
	const char *const comma = strchr(url, ',');

	return comma && strstr(comma, "://");
}

/* Append the item, in which the separator is percent-encoded behind `from` bytes: there a URL begins, which may have one in a user name or password. */
static bool join_url(char **list, char separator, const char *item, size_t from)
{
	char *encoded = malloc(3 * strlen(item) + 1), *to = encoded;

	if (!encoded)
		return out_of_memory();
	for (size_t i = 0; item[i]; i++)
		to += item[i] == separator && i >= from ? sprintf(to, "%%%02X", (unsigned char)separator) : sprintf(to, "%c", item[i]);
	*to = '\0';
	const bool joined = join(list, separator, encoded);
	free(encoded);
	return joined;
}

bool settings_join_proxy(char **list, const char *url)
{
	if (!is_list(url))
		return join_url(list, ',', url, 0);
	say("'-x' takes one proxy; a chain has a '-x' for each hop, in their order");
	return false;
}

bool settings_join_rule(char **list, const char *rule)
{
	const char *const url = strstr(rule, "://");

	return url ? join_url(list, ';', rule, (size_t)(url - rule)) : join(list, ';', rule);
}

/* Make a relative file name in the environment absolute. */
static bool make_absolute(const char *variable)
{
	const char *value = getenv(variable);
	char here[PATH_MAX];
	char *whole;

	if (!value || !*value || *value == '/' || strncmp(value, "~/", 2) == 0)
		return true;
	if (!getcwd(here, sizeof(here))) {
		say("cannot tell where '%s' is: %s", value, strerror(errno));
		return false;
	}
	if (asprintf(&whole, "%s/%s", here, value) < 0)
		return out_of_memory();
	const bool done = settings_put(variable, whole);
	free(whole);
	return done;
}

/* Put the command line's rules ahead of the environment's. */
static bool put_rules(const char *rules)
{
	const char *had = getenv("SOCKSIFY_RULES");
	char *all = NULL;

	const bool done = join(&all, ';', rules) && (!had || !*had || join(&all, ';', had)) && settings_put("SOCKSIFY_RULES", all);
	free(all);
	return done;
}

/* True unless every item of the list is NAME=URL, which chooses no way. */
static bool has_hop(const char *proxies)
{
	while (proxies && proxies[strcspn(proxies, "=:/,")] == '=') {
		proxies = strchr(proxies, ',');
		proxies += proxies != NULL;
	}
	return proxies;
}

bool settings_finish(const char *proxies, const char *rules)
{
	if (proxies && has_hop(proxies))
		unsetenv("SOCKSIFY_CHAIN");
	return (!proxies || settings_put("SOCKSIFY_PROXY", proxies)) && (!rules || put_rules(rules)) &&
	       make_absolute("SOCKSIFY_CONFIG") && make_absolute("SOCKSIFY_LOG_FILE");
}
