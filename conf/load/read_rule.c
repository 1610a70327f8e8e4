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

void loader_read_rules(struct loader *l)
{
	for (const struct section *s = l->merged.sections.of[SECTION_RULE]; s; s = s->handle.next) {
		struct rule *const rule = append_rule(l, s->name, (struct where){s->file->path, s->line});
		if (rule)
			loader_read_section(l, s, rule);
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
	if (host && !rule_add_host(rule, arena, at, host, problem))
		return false;
	return !colon || rule_add_port(rule, arena, colon + 1, n - host - 1, problem);
}

static bool add_pair(struct loader *l, struct rule *rule, const char *at, size_t n, struct text *problem)
{
	const char *const equals = memrchr(at, '=', n);

	if (!equals) {
		text_add(problem, "a rule is written PATTERN=VIA");
		return false;
	}
	const char *via = equals + 1;
	size_t pattern_n = (size_t)(equals - at), via_n = n - pattern_n - 1;
	ascii_trim(&via, &via_n);
	ascii_trim(&at, &pattern_n);
	const char *const name = loader_scratch(l, via, via_n);
	rule->route = name ? loader_route(l, name, problem) : NULL;
	return rule->route && add_pattern(l, rule, at, pattern_n, problem);
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
		const char *const name = loader_copy(l, item, n);
		struct rule *const rule = append_rule(l, name, (struct where){loader_copy(l, "command line", 12), 0});
		if (rule && name && !add_pair(l, rule, item, n, &problem))
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
