/* SPDX-License-Identifier: MIT */
/* read_environment: the keys of [socksify], in the files and then as SOCKSIFY_KEY in the environment. */
#include <string.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"
#include "core/base/env.h"

enum { PREFIX = 9, VARIABLE_MAX = 48 };

/* Variables that are not keys of [socksify]; the last ones are passed from process to process. */
static const char others[][12] = {"config", "proxy", "rules", "unsafe", "names", "kept", "run", "report", "passwords", "marker", "hops"};

static const struct key *setting(int i)
{
	const struct key *const key = key_at(i);

	return key && key->section == SECTION_SOCKSIFY ? key : NULL; /* the table's first rows */
}

/* "SOCKSIFY_HOP_TIMEOUT" for "hop_timeout". */
static const char *variable_of(const char *key, char to[static VARIABLE_MAX])
{
	struct text t = {.at = to, .size = VARIABLE_MAX};

	to[0] = '\0';
	text_add(&t, "SOCKSIFY_%s", key);
	for (size_t i = PREFIX; i < t.len; i++)
		to[i] = ascii_upper(to[i]);
	return to;
}

static bool is_other(const char *variable)
{
	char name[VARIABLE_MAX];

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(variable, variable_of(others[i], name)) == 0)
			return true;
	return false;
}

static const struct key *find_setting(const char *variable)
{
	char name[VARIABLE_MAX];

	for (int i = 0; setting(i); i++)
		if (strcmp(variable, variable_of(setting(i)->name, name)) == 0)
			return setting(i);
	return NULL;
}

static void refuse(struct loader *l, const char *variable)
{
	struct suggest s = suggest_for(variable + PREFIX);
	char name[VARIABLE_MAX];

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		suggest_offer(&s, others[i]);
	for (int i = 0; setting(i); i++)
		if (!(setting(i)->how & KEY_FILE))
			suggest_offer(&s, setting(i)->name);
	if (s.best)
		problems_add(&l->problems, (struct where){variable, 0}, "unknown variable; did you mean '%s'?",
			     variable_of(s.best, name));
	else
		problems_add(&l->problems, (struct where){variable, 0}, "unknown variable");
}

static void read_variable(struct loader *l, const char *variable, const char *value)
{
	if (is_other(variable))
		return;
	const struct key *const key = find_setting(variable);
	const struct where where = {variable, 0};
	if (!key)
		refuse(l, variable);
	else if (key->how & KEY_FILE)
		problems_add(&l->problems, where, "'%s' works in a file only", key->name);
	else
		loader_read((struct reading){.loader = l, .into = l->c, .where = where}, key, value);
}

void loader_read_settings(struct loader *l)
{
	const struct section *const s = section_find(&l->merged.sections, SECTION_SOCKSIFY, "");

	if (s)
		loader_read_section(l, s, l->c);
	for (int i = 0; env_at(i); i++) {
		const char *const variable = env_at(i), *const equals = strchr(variable, '=');
		char *const name = loader_scratch(l, variable, (size_t)(equals - variable));
		if (name && equals[1])
			read_variable(l, name, equals + 1);
	}
}

bool config_key_known(const char *name, struct text *problem)
{
	const struct key *const key = key_find(SECTION_SOCKSIFY, name);

	if (!key) {
		text_add(problem, "unknown key '%s'", name);
		key_suggest(SECTION_SOCKSIFY, name, problem);
	} else if (key->how & KEY_FILE) {
		text_add(problem, "'%s' works in a file only", name);
	}
	return key && !(key->how & KEY_FILE);
}
