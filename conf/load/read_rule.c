/* SPDX-License-Identifier: MIT */
/* read_rule: the keys of [rule NAME], and rules from the environment. */
#include <string.h>
#include <utlist.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"
#include "core/base/scratch.h"

bool read_host(struct reading *r, const char *text, int word)
{
	(void)word;
	return rule_add_host(r->into, &r->loader->c->arena, text, strlen(text), r->problem);
}

bool read_port(struct reading *r, const char *text, int word)
{
	(void)word;
	return rule_add_port(r->into, &r->loader->c->arena, text, strlen(text), r->problem);
}

bool read_protocol(struct reading *r, const char *text, int word)
{
	struct rule *const rule = r->into;

	(void)text;
	rule->protocol = word == 0 ? RULE_TCP : RULE_UDP;
	return true;
}

bool read_program(struct reading *r, const char *text, int word)
{
	(void)word;
	return rule_add_program(r->into, &r->loader->c->arena, text, strlen(text), r->problem);
}

bool read_rule_listen(struct reading *r, const char *text, int word)
{
	struct rule *const rule = r->into;

	(void)text;
	rule->listen = (enum listen_mode)word;
	rule->listens = true;
	return true;
}

bool read_via(struct reading *r, const char *text, int word)
{
	struct rule *const rule = r->into;

	(void)word;
	rule->route = loader_route(r->loader, text, r->problem);
	return rule->route;
}

static struct rule *new_rule(struct loader *l, const char *name, struct where where)
{
	struct rule *const rule = loader_take(l, sizeof(*rule));

	if (rule)
		*rule = (struct rule){.name = name, .file = where.file, .line = where.line};
	return rule;
}

static struct rule *append_rule(struct loader *l, const char *name, struct where where)
{
	struct rule *const rule = new_rule(l, name, where);

	if (rule)
		DL_APPEND(l->c->rules, rule);
	return rule;
}

/* A rule may say where programs listen, where connections go, or both. */
static void file_rule(struct loader *l, struct rule *rule)
{
	struct rule *const listener = rule->listens ? loader_take(l, sizeof(*listener)) : NULL;

	if (listener) {
		*listener = *rule;
		DL_APPEND(l->c->listeners, listener);
	}
	if (rule->route)
		DL_APPEND(l->c->rules, rule);
}

void loader_read_rules(struct loader *l)
{
	for (const struct section *s = l->merged.sections.of[SECTION_RULE]; s; s = s->handle.next) {
		struct rule *const rule = new_rule(l, s->name, (struct where){s->file->path, s->line});
		if (!rule)
			continue;
		loader_read_section(l, s, rule);
		file_rule(l, rule);
	}
}

/* "HOST", "HOST:PORT", "[IPV6]:FIRST-LAST", ":PORT". */
static bool add_pattern(struct loader *l, struct rule *rule, const char *at, size_t n, struct text *problem)
{
	struct arena *const arena = &l->c->arena;
	const char *const bracket = n && at[0] == '[' ? memrchr(at, ']', n) : NULL;
	const char *const first = memchr(at, ':', n), *const last = memrchr(at, ':', n);
	const char *const colon = bracket ? (last > bracket ? last : NULL) : first == last ? last : NULL;
	const size_t host = colon ? (size_t)(colon - at) : n;

	if (!n) {
		text_add(problem, "a pattern is missing");
		return false;
	}
	if (memchr(at, ',', n)) {
		text_add(problem, "'%.*s' is a list; a rule given like this has one pattern: give several", (int)n, at);
		return false;
	}
	if (host && !rule_add_host(rule, arena, at, host, problem))
		return false;
	return !colon || rule_add_port(rule, arena, colon + 1, n - host - 1, problem);
}

/* Returns the '=' between PATTERN and VIA, which may be a URL with a '=' of its own; NULL if there is none. */
static const char *find_equals(const char *rule)
{
	const char *const url = strstr(rule, "://");

	return memrchr(rule, '=', url ? (size_t)(url - rule) : strlen(rule));
}

static const struct route *route_via(struct loader *l, const char *via, struct text *problem)
{
	return strstr(via, "://") ? loader_route_of_url(l, via, problem) : loader_route(l, via, problem);
}

static bool add_pair(struct loader *l, struct rule *rule, const char *text, struct text *problem)
{
	const char *const equals = find_equals(text);

	if (!equals) {
		text_add(problem, "a rule is written PATTERN=VIA");
		return false;
	}
	size_t n = (size_t)(equals - text);
	const char *pattern = text, *const via = equals + 1 + strspn(equals + 1, " \t");
	ascii_trim(&pattern, &n);
	rule->route = route_via(l, via, problem);
	return rule->route && add_pattern(l, rule, pattern, n, problem);
}

/* Returns the rule's text for people: as it is written, but without the password of a URL. */
static const char *name_of(struct loader *l, const char *rule)
{
	const char *const scheme = strstr(rule, "://"), *const host = scheme ? strrchr(scheme, '@') : NULL;
	const char *const colon = host ? memchr(scheme + 3, ':', (size_t)(host - scheme - 3)) : NULL;
	char *const name = loader_copy(l, rule, strlen(rule));

	if (name && colon)
		strcpy(name + (colon - rule), host);
	return name;
}

void loader_read_rule_list(struct loader *l, const char *list)
{
	while (*list) {
		const char *item = list;
		size_t n = strcspn(list, ";");
		SCRATCH_TEXT(problem, 1024);

		list += n + (list[n] == ';');
		ascii_trim(&item, &n);
		if (!n)
			continue;
		const char *const text = loader_scratch(l, item, n), *const name = text ? name_of(l, text) : NULL;
		struct rule *const rule = append_rule(l, name, (struct where){loader_copy(l, "command line", 12), 0});
		if (rule && name && !add_pair(l, rule, text, &problem))
			problems_add(&l->problems, (struct where){"SOCKSIFY_RULES", 0}, "'%s': %s", name, problem.at);
	}
}

/* As in curl, a name also matches its subdomains, with or without a leading dot. */
static bool add_no_proxy(struct loader *l, struct rule *rule, const char *item, struct text *problem)
{
	const char *const name = item + (strncmp(item, "*.", 2) == 0 ? 2 : item[0] == '.');
	TEXT(pattern, ADDR_NAME_MAX + 16);
	struct addr a;

	rule->route = l->c->direct;
	if (!addr_parse_host(&a, name, strcspn(name, ":")) || a.kind != ADDR_NAME)
		return add_pattern(l, rule, item, strlen(item), problem);
	text_add(&pattern, "*.%s", name);
	return add_pattern(l, rule, pattern.at, pattern.len, problem);
}

void loader_read_no_proxy(struct loader *l, const char *variable, const char *list)
{
	static const char separators[] = ", \t\n";

	for (list += strspn(list, separators); *list; list += strspn(list, separators)) {
		const size_t n = strcspn(list, separators);
		const char *const name = loader_copy(l, list, n);
		struct rule *const rule = new_rule(l, name, (struct where){loader_copy(l, "NO_PROXY", 8), 0});
		SCRATCH_TEXT(problem, 1024);

		list += n;
		if (!rule || !name)
			continue;
		if (add_no_proxy(l, rule, name, &problem))
			DL_APPEND(l->c->rules, rule);
		else /* the user wrote it for other programs, too, and without it nothing goes out that should not */
			problems_note(&l->problems, (struct where){variable, 0}, "%s; it is left out, and goes through the proxy",
				      problem.at);
	}
}
