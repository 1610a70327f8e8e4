/* document: gather sections and keys, refuse strangers and doubles, follow `include`. */
#include "document.h"

#include <errno.h>
#include <string.h>

#include "ascii.h"
#include "inifile.h"

enum { DEPTH = 8 };

/* One file while it is read. */
struct page {
	const struct page *included_by;
	struct document *document;
	const struct file *file;
	struct section *sections;
	struct section *section; /* where values go; NULL: they are passed over */
	struct entry *entry;     /* what an indented line continues; NULL: it is passed over */
	bool headed;             /* a section has begun */
};

static struct where at(const struct page *p, int line)
{
	return (struct where){p->file->path, line};
}

const char *section_label(const struct section *s, char to[static SECTION_LABEL])
{
	struct text t = {.at = to, .size = SECTION_LABEL};

	to[0] = '\0';
	text_add(&t, "[%s%s%s]", section_word(s->kind), s->name[0] ? " " : "", s->name);
	return to;
}

static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!ascii_is_alnum(*c) && (unsigned char)*c < 0x80 && !strchr("._-", *c))
			return false;
	return *name;
}

/* The kind of "proxy office", whose name begins at `*name`; SECTION_KINDS after saying what is wrong. */
static enum section_kind read_heading(struct page *p, int line, char *text, const char **name)
{
	struct problems *const problems = p->document->problems;
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
	} else if (named && !is_name(rest)) {
		problems_add(problems, at(p, line), "bad name '%s': letters, digits, '.', '_' and '-' make a name", rest);
	} else if (kind != SECTION_RULE && (strcmp(rest, "direct") == 0 || strcmp(rest, "block") == 0)) {
		problems_add(problems, at(p, line), "[%s %s]: '%s' is a reserved name", word, rest, rest);
	} else {
		return kind;
	}
	return SECTION_KINDS;
}

static struct section *find(struct section *s, enum section_kind kind, const char *name)
{
	while (s && (s->kind != kind || strcmp(s->name, name) != 0))
		s = s->next;
	return s;
}

static void append_section(struct section **list, struct section *s)
{
	while (*list)
		list = &(*list)->next;
	s->next = NULL;
	*list = s;
}

static void *take(struct document *d, size_t size)
{
	void *const p = arena_take(d->passing, size);

	if (!p)
		problems_add_memory(d->problems);
	return p;
}

static void begin_section(void *context, int line, const char *text)
{
	struct page *const p = context;
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
	struct section *const s = take(p->document, sizeof(*s));
	if (!s)
		return;
	*s = (struct section){.kind = kind, .file = p->file, .line = line};
	s->name = arena_copy(p->document->lasting, name, strlen(name));
	if (!s->name) {
		problems_add_memory(p->document->problems);
		return;
	}
	const struct section *const first = find(p->sections, kind, name);
	p->section = s;
	if (first)
		problems_add(p->document->problems, at(p, line), "%s stands twice, first on line %d",
			     section_label(s, label), first->line);
	else
		append_section(&p->sections, s);
}

static struct entry *new_entry(struct page *p, int line, const struct key *key, const char *text)
{
	struct entry *const e = take(p->document, sizeof(*e));

	if (!e)
		return NULL;
	*e = (struct entry){.key = key, .file = p->file, .line = line};
	e->text = arena_copy(p->document->passing, text, strlen(text));
	if (!e->text)
		problems_add_memory(p->document->problems);
	return e->text ? e : NULL;
}

static void continue_value(struct page *p, int line, const char *text)
{
	struct entry *last = p->entry;

	if (!last)
		return;
	if (!(last->key->how & KEY_LIST)) {
		problems_add(p->document->problems, at(p, line),
			     "'%s' takes one value: an indented line cannot continue it", last->key->name);
		return;
	}
	while (last->more)
		last = last->more;
	last->more = new_entry(p, line, last->key, text);
}

/* Where the key stands in the section, or where its entry would go. */
static struct entry **place(struct section *s, const struct key *key)
{
	struct entry **e = &s->entries;

	while (*e && (*e)->key != key)
		e = &(*e)->next;
	return e;
}

static void take_value(void *context, int line, const char *name, const char *text)
{
	struct page *const p = context;
	struct problems *const problems = p->document->problems;
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
	section_label(p->section, label);
	const struct key *const key = key_find(p->section->kind, name);
	if (!key) {
		key_suggest(p->section->kind, name, &hint);
		problems_add(problems, at(p, line), "unknown key '%s' in %s%s", name, label, hint.at);
		return;
	}
	struct entry **const e = place(p->section, key);
	if (*e) {
		problems_add(problems, at(p, line), "'%s' stands twice in %s, first on line %d", name, label, (*e)->line);
		return;
	}
	*e = p->entry = new_entry(p, line, key, text);
}

static void take_mistake(void *context, int line, const char *problem)
{
	struct page *const p = context;

	problems_add(p->document->problems, at(p, line), "%s", problem);
}

/* Put the section into the document, or its keys in the place of those there. */
static void merge(struct document *d, struct section *s)
{
	struct section *const base = find(d->sections, s->kind, s->name);
	struct entry *next;

	if (!base) {
		append_section(&d->sections, s);
		return;
	}
	for (struct entry *e = s->entries; e; e = next) {
		struct entry **const old = place(base, e->key);
		next = e->next;
		e->next = *old ? (*old)->next : NULL;
		*old = e;
	}
}

static void add(struct document *, const struct file *, const struct page *included_by);

/* What keeps a file from being included, or NULL. */
static const char *objection(const struct page *p, const struct file *file)
{
	int depth = 1;

	for (; p; p = p->included_by, depth++) {
		if (p->file->device == file->device && p->file->inode == file->inode)
			return "it includes itself";
		if (depth > DEPTH)
			return "files are included more than 8 deep";
	}
	return NULL;
}

static void include(struct page *p, const struct entry *e)
{
	struct document *const d = p->document;
	const struct where where = at(p, e->line);
	const char *const path = file_path(d->lasting, e->text, p->file->path);
	struct file *const file = take(d, sizeof(*file));

	if (!path)
		problems_add(d->problems, where, "cannot include '%s': HOME is not set", e->text);
	if (!path || !file)
		return;
	const int rc = file_read(file, d->passing, path);
	const char *const wrong = rc ? file_error(rc) : objection(p, file);
	if (wrong)
		problems_add(d->problems, where, "cannot include '%s': %s", path, wrong);
	else
		add(d, file, p);
}

static void add(struct document *d, const struct file *file, const struct page *included_by)
{
	struct page p = {.included_by = included_by, .document = d, .file = file};
	const struct inifile_listener listener = {&p, begin_section, take_value, take_mistake};
	struct section *next;

	inifile_tell(file, &listener);
	struct section *const general = find(p.sections, SECTION_SOCKSIFY, "");
	const struct key *const key = key_find(SECTION_SOCKSIFY, "include");
	const struct entry *const e = general ? *place(general, key) : NULL;
	if (e && e->text[0])
		include(&p, e);
	for (struct section *s = p.sections; s; s = next) {
		next = s->next;
		merge(d, s);
	}
}

void document_add(struct document *d, const struct file *file)
{
	add(d, file, NULL);
}
