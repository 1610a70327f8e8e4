/* SPDX-License-Identifier: MIT */
/* inisections: collect the sections and keys of one file, and refuse unknown and repeated ones. */
#include "conf/load/inisections.h"

#include <string.h>

#include "conf/load/inifile.h"
#include "core/base/ascii.h"

static struct where at(const struct inisections *p, int line)
{
	return (struct where){p->file->path, line};
}

/* Returns the kind of the heading "proxy office", with `*name` at "office"; or SECTION_KINDS after reporting the mistake. */
static enum section_kind read_heading(struct inisections *p, int line, char *text, const char **name)
{
	struct problems *const problems = p->merged->problems;
	const char *start = text;
	size_t n = strlen(text);
	TEXT(hint, 64);

	ascii_trim(&start, &n);
	text[(size_t)(start - text) + n] = '\0';
	char *const word = text + (start - text);
	char *rest = word + strcspn(word, " \t");
	const bool named = *rest;
	if (named)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	*name = rest;
	const enum section_kind kind = section_kind(word);
	if (kind == SECTION_KINDS) {
		struct suggest s = suggest_for(word);
		for (int i = 0; i < SECTION_KINDS; i++)
			suggest_offer(&s, section_word((enum section_kind)i));
		suggest_text(&s, &hint);
		problems_add(problems, at(p, line), "unknown section [%s%s%s]%s", word, named ? " " : "", rest, hint.at);
	} else if (kind == SECTION_SOCKSIFY && named) {
		problems_add(problems, at(p, line), "[socksify] takes no name");
	} else if (kind != SECTION_SOCKSIFY && !named) {
		problems_add(problems, at(p, line), "[%s] needs a name: [%s NAME]", word, word);
	} else if (named && !section_is_name(rest)) {
		problems_add(problems, at(p, line), "bad name '%s': letters, digits, '.', '_' and '-' make a name", rest);
	} else if (kind != SECTION_RULE && (strcmp(rest, "direct") == 0 || strcmp(rest, "block") == 0)) {
		problems_add(problems, at(p, line), "[%s %s]: '%s' is a reserved name", word, rest, rest);
	} else {
		return kind;
	}
	return SECTION_KINDS;
}

static void begin_section(void *context, int line, const char *text)
{
	struct inisections *const p = context;
	char heading[INIFILE_SECTION_MAX + 1], label[SECTION_LABEL];
	const char *name;

	p->headed = true;
	p->section = NULL;
	p->entry = NULL;
	if (!text)
		return;
	strcpy(heading, text);
	const enum section_kind kind = read_heading(p, line, heading, &name);
	if (kind == SECTION_KINDS)
		return;
	struct section *const s = problems_take(p->merged->problems, p->merged->scratch, sizeof(*s));
	if (!s)
		return;
	*s = (struct section){.kind = kind, .file = p->file, .line = line};
	s->name = arena_copy(p->merged->permanent, name, strlen(name));
	if (!s->name) {
		problems_add_memory(p->merged->problems);
		return;
	}
	const struct section *const first = section_find(&p->sections, kind, name);
	p->section = s;
	if (first)
		problems_add(p->merged->problems, at(p, line), "%s stands twice, first on line %d", section_label(s, label), first->line);
	else if (!section_append(&p->sections, s, p->merged->scratch))
		problems_add_memory(p->merged->problems);
}

static struct entry *new_entry(struct inisections *p, int line, const struct key *key, const char *text)
{
	struct entry *const e = problems_take(p->merged->problems, p->merged->scratch, sizeof(*e));

	if (!e)
		return NULL;
	*e = (struct entry){.last = e, .key = key, .file = p->file, .line = line};
	e->text = arena_copy(p->merged->scratch, text, strlen(text));
	if (!e->text)
		problems_add_memory(p->merged->problems);
	return e->text ? e : NULL;
}

static void continue_value(struct inisections *p, int line, const char *text)
{
	struct entry *const first = p->entry;

	if (!first)
		return;
	if (!(first->key->how & KEY_LIST)) {
		problems_add(p->merged->problems, at(p, line), "'%s' takes one value: an indented line cannot continue it",
			     first->key->name);
		return;
	}
	struct entry *const e = new_entry(p, line, first->key, text);
	if (e)
		first->last = first->last->more = e;
}

static void take_value(void *context, int line, const char *name, const char *text)
{
	struct inisections *const p = context;
	struct problems *const problems = p->merged->problems;
	char label[SECTION_LABEL];
	TEXT(hint, 128);

	if (!name) {
		continue_value(p, line, text);
		return;
	}
	p->entry = NULL;
	if (!p->headed)
		problems_add(problems, at(p, line), "'%s' stands before the first [section]", name);
	if (!p->section)
		return;
	const struct key *const key = key_find(p->section->kind, name);
	if (!key) {
		key_suggest(p->section->kind, name, &hint);
		problems_add(problems, at(p, line), "unknown key '%s' in %s%s", name, section_label(p->section, label), hint.at);
		return;
	}
	struct entry **const e = section_place(p->section, key);
	if (*e) {
		problems_add(problems, at(p, line), "'%s' stands twice in %s, first on line %d", name, section_label(p->section, label),
			     (*e)->line);
		return;
	}
	*e = p->entry = new_entry(p, line, key, text);
}

static void take_mistake(void *context, int line, const char *problem)
{
	struct inisections *const p = context;

	problems_add(p->merged->problems, at(p, line), "%s", problem);
}

void inisections_read(struct inisections *p)
{
	const struct inifile_listener listener = {p, begin_section, take_value, take_mistake};

	inifile_tell(p->file, &listener);
}
