/* SPDX-License-Identifier: MIT */
/* proxy_variables: the variables that curl, wget, git, pip and their kin read. */
#include "proxy_variables.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/log.h"
#include "settings.h"

static const char *const variables[PROXY_VARIABLES] = {
	"ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "FTP_PROXY", "ftp_proxy",
};

static bool has_chain(const struct config *c)
{
	if (c->chain->kind == ROUTE_CHAIN)
		return true;
	for (const struct rule *r = c->rules; r; r = r->next)
		if (r->route->kind == ROUTE_CHAIN)
			return true;
	return false;
}

static bool put_chain(const char *url)
{
	TEXT(whole, 4096);
	char *list = NULL;

	text_add(&whole, "%s%s", strstr(url, "://") ? "" : "http://", url);
	const bool put = settings_join_proxy(&list, whole.at) && settings_put("SOCKSIFY_PROXY", list);
	free(list);
	return put;
}

/* Append an entry of NO_PROXY as a rule. One that is a name holds for those below it, too: its pattern says so, its text need not. */
static bool add_rule(char **list, const struct rule *r)
{
	const struct host_pattern *const host = r->hosts;
	const bool name = host && host->key.kind == ADDR_NAME;
	TEXT(rule, 512);

	if (strpbrk(r->name, ";="))
		return true;
	text_add(&rule, "%s", name ? host->text : r->name);
	if (name && r->ports)
		text_add(&rule, ":%d-%d", r->ports->first, r->ports->last);
	text_add(&rule, "=direct");
	return settings_join_rule(list, rule.at);
}

/* Write NO_PROXY's rules down as ours; those of SOCKSIFY_RULES stand before them. */
static bool put_rules(const struct config *c)
{
	const char *const had = env_get("SOCKSIFY_RULES");
	char *list = had ? strdup(had) : NULL;
	bool put = true;

	for (const struct rule *r = c->rules; r && put; r = r->next)
		if (strcmp(r->file, "NO_PROXY") == 0)
			put = add_rule(&list, r);
	put = put && (!list || settings_put("SOCKSIFY_RULES", list));
	free(list);
	return put;
}

/* Hand on what the variables mean if the configuration is made of one. */
static bool hand_on(const struct config *c)
{
	for (int i = 0; i < ENV_PROXIES; i++)
		if (strcmp(c->source, env_common[i]) == 0)
			return put_chain(env_get(env_common[i])) && put_rules(c);
	return true;
}

static void remove_all(const char **gone)
{
	TEXT(removed, 256);

	for (int i = 0; i < PROXY_VARIABLES; i++) {
		if (!getenv(variables[i]))
			continue;
		text_add(&removed, "%s%s", removed.len ? ", " : "", variables[i]);
		unsetenv(variables[i]);
		*gone++ = variables[i];
	}
	*gone = NULL;
	if (removed.len)
		log_line(LOG_INFO, "left out of the program's environment: %s (keep_proxy_variables = yes leaves them in)", removed.at);
}

bool proxy_variables_remove(const struct config *c, const char *gone[static PROXY_VARIABLES + 1])
{
	*gone = NULL;
	if (c->keep_proxy_variables || !has_chain(c))
		return true;
	if (!hand_on(c))
		return false;
	remove_all(gone);
	env_capture(environ);
	return true;
}
