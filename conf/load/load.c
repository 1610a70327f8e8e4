/* SPDX-License-Identifier: MIT */
/* load: config_load(): find what the user asked for, and read it in order of precedence. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "conf/load/config_path.h"
#include "conf/load/kept.h"
#include "conf/load/loader.h"
#include "core/base/env.h"
#include "core/base/scratch.h"

static void set_defaults(struct config *c)
{
	*c = (struct config){
		.timeout_ms = 15 * 1000,
		.hop_timeout_ms = 8 * 1000,
		.dns_server = {.kind = ADDR_IPV4, .port = 53, .ip = {9, 9, 9, 9}},
		.placeholder_ipv4 = {.kind = ADDR_IPV4, .ip = {198, 18}},
		.placeholder_ipv4_prefix = 15,
		.placeholder_ipv6 = {.kind = ADDR_IPV6, .ip = {0x20, 0x01, 0x00, 0x02}},
		.placeholder_ipv6_prefix = 64,
		.log = LOG_ERROR,
	};
}

static bool is_missing(int rc)
{
	return rc == -ENOENT || rc == -ENOTDIR;
}

/* Read the first file that exists. Returns false if none does. A file that exists but is unreadable is a mistake, never a reason to look
 * elsewhere. */
static bool read_file(struct loader *l, struct file *file)
{
	SCRATCH_TEXT(path, PATH_MAX);
	int rc = -ENOENT;

	for (int i = 0; is_missing(rc) && config_path(i, &path); i++)
		rc = problems_heed(&l->problems, file_read(file, &l->files, path.at));
	if (is_missing(rc) && !env_get("SOCKSIFY_CONFIG"))
		return false;
	if (rc)
		problems_add(&l->problems, (struct where){file->path, 0}, "%s", file_error(rc));
	else
		l->c->source = file->path = loader_copy(l, file->path, strlen(file->path));
	return true;
}

/* When the user names no chain: the chain or proxy called `default`, else the only one there is. */
static void choose_chain(struct loader *l)
{
	struct config *const c = l->c;

	c->chain = config_route(c, "default", 7);
	if (!c->chain && !c->chains && c->single && !c->single->handle.next)
		c->chain = &c->single->route;
	if (!c->chain && !l->problems.count)
		problems_add(&l->problems, (struct where){c->source, 0}, "%s",
			     c->single ? "[socksify] has no 'chain': 'chain = NAME' says where to go"
				       : "no proxy is given: write a [proxy NAME] with its 'url'");
}

/* Returns the first that is set of env_common's variables `from` to `end`, or NULL. */
static const char *first_set(int from, int end)
{
	while (from < end && !env_get(env_common[from]))
		from++;
	return from < end ? env_common[from] : NULL;
}

static void no_configuration(struct loader *l)
{
	SCRATCH_TEXT(places, 3 * PATH_MAX);
	SCRATCH_TEXT(path, PATH_MAX);

	for (int i = 0; config_path(i, &path); i++)
		if (path.len)
			text_add(&places, "%s%s", places.len ? ", " : "", path.at);
	problems_add(&l->problems, (struct where){0}, "no configuration: give a proxy with -x URL, or set ALL_PROXY, or write one of %s",
		     places.at);
}

/* ALL_PROXY and its kin and NO_PROXY, as other programs read them. */
static void use_common(struct loader *l)
{
	const char *const all = first_set(0, ENV_PROXIES), *const no = first_set(ENV_PROXIES, ENV_COMMON);
	SCRATCH_TEXT(whole, 2048);

	if (!all) {
		no_configuration(l);
		return;
	}
	l->c->source = loader_copy(l, all, strlen(all));
	text_add(&whole, "%s%s", strstr(env_get(all), "://") ? "" : "http://", env_get(all));
	if (whole.cut)
		problems_add(&l->problems, (struct where){all, 0}, "longer than 2 KiB");
	else
		loader_read_url(l, all, all, whole.at);
	if (no)
		loader_read_no_proxy(l, no, env_get(no));
}

static void index_rules(struct loader *l)
{
	for (struct rule *r = l->c->rules; r; r = r->next)
		if (!rule_index_add(&l->c->index, &l->c->arena, r))
			problems_add_memory(&l->problems);
}

/* A placeholder stands for a name; nobody can connect to it. Not inlined: its text is not on the stack, which may be a small one, while the
 * files are read. */
__attribute__((noinline)) static void check_address(struct loader *l, const char *what, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (config_covers(l->c, a))
		problems_add(&l->problems, (struct where){l->c->source, 0},
			     "%s '%s' lies in a range of placeholders: 'placeholder_%s' sets another", what, addr_string(a, text),
			     a->kind == ADDR_IPV4 ? "ipv4" : "ipv6");
}

static void check_addresses(struct loader *l)
{
	check_address(l, "dns_server", &l->c->dns_server);
	for (const struct proxy *p = l->c->proxies; p; p = p->next)
		check_address(l, "proxy", &p->addr);
}

static void read_all(struct loader *l)
{
	const char *const urls = env_get("SOCKSIFY_PROXY");
	const char *const rules = env_get("SOCKSIFY_RULES");
	struct config *const c = l->c;
	struct file file;

	if (env_overflowed())
		problems_add(&l->problems, (struct where){0}, "the environment has more of SOCKSIFY_* than there is room for");
	const bool found = read_file(l, &file);
	if (found && !c->source)
		return;
	if (found)
		merge_add(&l->merged, &file);
	loader_read_proxies(l);
	if (urls)
		loader_read_named_urls(l, urls);
	loader_read_chains(l);
	if (rules)
		loader_read_rule_list(l, rules);
	loader_read_rules(l);
	loader_read_settings(l);
	if (urls)
		loader_read_urls(l, urls);
	if (!found)
		c->source = loader_copy(l, "command line", 12);
	if (!found && !c->chain && !c->single && !l->problems.count)
		use_common(l);
	else if (!c->chain)
		choose_chain(l);
	check_addresses(l);
	index_rules(l);
}

static struct route *new_route(struct loader *l, const struct route *like)
{
	struct route *const route = loader_take(l, sizeof(*route));

	if (route)
		*route = (struct route){.kind = like->kind, .name = loader_copy(l, like->name, strlen(like->name))};
	return route;
}

bool config_read(struct config *c, struct arena arena, struct text *problems)
{
	struct loader l = {.c = c, .problems = {.text = problems}};

	set_defaults(c);
	c->arena = arena;
	l.files = (struct files){.scratch = &l.scratch, .permanent = &c->arena};
	l.merged = (struct merge){.permanent = &c->arena, .scratch = &l.scratch, .files = &l.files, .problems = &l.problems};
	c->direct = new_route(&l, &route_direct);
	c->block = new_route(&l, &route_block);
	read_all(&l);
	c->sources = l.files.sources;
	arena_free(&l.scratch);
	if (!l.problems.count)
		return true;
	config_free(c);
	c->starved = l.problems.starved;
	return false;
}

/* Nobody has run the password_command: programs do not, whoever started them. */
static bool refuse_lacking(struct config *c, struct text *problems)
{
	const struct proxy *p = c->proxies;

	while (p && !(p->lacks_password && config_uses(c, p)))
		p = p->next;
	if (p)
		text_add(problems, "%s: [proxy %s]: only the launcher runs its password_command: start this program by 'socksify'\n",
			 c->source, p->name);
	if (p)
		config_free(c);
	return !p;
}

bool config_load(struct config *c, struct text *problems)
{
	const char *const kept = env_get(KEPT_VARIABLE);

	return (kept && kept_take(c, kept)) || (config_read(c, (struct arena){0}, problems) && refuse_lacking(c, problems));
}
