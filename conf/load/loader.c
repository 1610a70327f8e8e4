/* SPDX-License-Identifier: MIT */
/* loader: hand each value to the reader of its key, and report what it objects to. */
#include "conf/load/loader.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/base/scratch.h"

void *loader_take(struct loader *l, size_t size)
{
	return problems_take(&l->problems, &l->c->arena, size);
}

static char *copy(struct loader *l, struct arena *arena, const char *at, size_t n)
{
	char *const p = arena_copy(arena, at, n);

	if (!p)
		problems_add_memory(&l->problems);
	return p;
}

char *loader_copy(struct loader *l, const char *at, size_t n)
{
	return copy(l, &l->c->arena, at, n);
}

char *loader_scratch(struct loader *l, const char *at, size_t n)
{
	return copy(l, &l->scratch, at, n);
}

static void read_word(struct reading *r, const struct key *key, const char *text)
{
	const int word = key_word(key, text);

	if (word < 0) {
		text_add(r->problem, "bad %s '%s'", key->name, text);
		key_suggest_word(key, text, r->problem);
	} else {
		key_read(key, r, text, word);
	}
}

static void read_item(struct reading r, const struct key *key, const char *text)
{
	SCRATCH_TEXT(problem, 1024);

	r.problem = &problem;
	if (*key->words)
		read_word(&r, key, text);
	else
		key_read(key, &r, text, 0);
	if (problem.len)
		problems_add(&r.loader->problems, r.where, "%s", problem.at);
}

static void read_list(struct reading r, const struct key *key, const char *text)
{
	while (*text) {
		const char *item = text;
		size_t n = strcspn(text, ",");
		text += n + (text[n] == ',');
		ascii_trim(&item, &n);
		const char *const note = loader_scratch(r.loader, item, n);
		if (!n)
			problems_add(&r.loader->problems, r.where, "an empty item in '%s'", key->name);
		else if (note)
			read_item(r, key, note);
	}
}

void loader_read(struct reading r, const struct key *key, const char *text)
{
	if (key->how & KEY_LIST)
		read_list(r, key, text);
	else if (*text || key->how & KEY_EMPTY)
		read_item(r, key, text);
	else
		problems_add(&r.loader->problems, r.where, "'%s' is empty", key->name);
}

static bool is_empty(const struct entry *e)
{
	while (e && !e->text[0])
		e = e->more;
	return !e;
}

static void read_entry(struct loader *l, const struct entry *e, void *into)
{
	if (e->key->how & KEY_LIST && is_empty(e))
		problems_add(&l->problems, (struct where){e->file->path, e->line}, "'%s' is empty", e->key->name);
	for (; e; e = e->more)
		loader_read((struct reading){.loader = l, .into = into, .where = {e->file->path, e->line}, .file = e->file}, e->key,
			    e->text);
}

static bool has_key(const struct section *s, const struct key *key)
{
	const struct entry *e = s->entries;

	while (e && e->key != key)
		e = e->next;
	return e;
}

/* A rule that only says where programs listen leads nowhere. */
static bool may_lack(const struct section *s, const struct key *key)
{
	return s->kind == SECTION_RULE && strcmp(key->name, "via") == 0 && has_key(s, key_find(SECTION_RULE, "listen"));
}

void loader_read_section(struct loader *l, const struct section *s, void *into)
{
	char label[SECTION_LABEL];

	for (const struct entry *e = s->entries; e; e = e->next)
		read_entry(l, e, into);
	for (int i = 0; key_at(i); i++) {
		const struct key *const key = key_at(i);
		if (key->section == s->kind && key->how & KEY_REQUIRED && !has_key(s, key) && !may_lack(s, key))
			problems_add(&l->problems, (struct where){s->file->path, s->line}, "%s has no '%s'", section_label(s, label),
				     key->name);
	}
}

/* What may have been meant by a name that is near to none. */
static void suggest_other(const char *name, struct text *problem)
{
	const size_t n = strlen(name);

	if (strchr(name, ','))
		text_add(problem, "; several hops are the 'hops' of a [chain NAME]");
	else if (strchr(name, '/') || (n > 4 && strcmp(name + n - 4, ".ini") == 0))
		text_add(problem, "; a file is given with -f");
}

const struct route *loader_route(struct loader *l, const char *name, struct text *problem)
{
	const struct route *const route = config_route(l->c, name, strlen(name));
	struct suggest s = suggest_for(name);

	if (route)
		return route;
	if (strstr(name, "://")) { /* which may have a password */
		text_add(problem, "a chain's or proxy's name was meant, not a URL: that is the 'url' of a [proxy NAME]");
		return NULL;
	}
	text_add(problem, "unknown chain or proxy '%s'", name);
	for (const struct chain *c = l->c->chains; c; c = c->handle.next)
		suggest_offer(&s, c->name);
	for (const struct chain *c = l->c->single; c; c = c->handle.next)
		suggest_offer(&s, c->name);
	suggest_offer(&s, "direct");
	suggest_offer(&s, "block");
	suggest_text(&s, problem);
	if (!s.best)
		suggest_other(name, problem);
	return NULL;
}

struct chain *loader_chain(struct loader *l, const char *name, const struct proxy *const *hops, size_t n)
{
	struct chain *const chain = loader_take(l, sizeof(*chain));
	const struct proxy **const copy = loader_take(l, n * sizeof(*copy));

	if (!chain || !copy)
		return NULL;
	memcpy(copy, hops, n * sizeof(*copy));
	*chain = (struct chain){.name = name, .route = {.kind = ROUTE_CHAIN, .name = name, .hops = copy, .n = n, .length = 1}};
	return chain;
}

void loader_add_chain(struct loader *l, struct chain **all, struct chain *chain)
{
	struct arena *const arena = &l->c->arena;

	HASH_ADD_KEYPTR(handle, *all, chain->name, strlen(chain->name), chain);
	if (!chain->handle.tbl)
		problems_add_memory(&l->problems);
}
