/* SPDX-License-Identifier: MIT */
/* merge: put files together, and follow `include`. */
#include "conf/load/merge.h"

#include <string.h>

#include "conf/load/inisections.h"

enum { DEPTH = 8 };

/* Add the section, or let its keys replace those of the section already there. */
static void merge(struct merge *d, struct section *s)
{
	struct section *const base = section_find(&d->sections, s->kind, s->name);
	struct entry *next;

	if (!base) {
		if (!section_append(&d->sections, s, d->scratch))
			problems_add_memory(d->problems);
		return;
	}
	for (struct entry *e = s->entries; e; e = next) {
		struct entry **const old = section_place(base, e->key);
		next = e->next;
		e->next = *old ? (*old)->next : NULL;
		*old = e;
	}
}

static void add(struct merge *, const struct file *, const struct inisections *included_by);

/* Returns why a file cannot be included, or NULL if it can. */
static const char *objection(const struct inisections *p, const struct file *file)
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

static void include(struct inisections *p, const struct entry *e)
{
	struct merge *const d = p->merged;
	const struct where where = {p->file->path, e->line};
	const char *const path = file_path(d->permanent, e->text, p->file->path);
	struct file *const file = problems_take(d->problems, d->scratch, sizeof(*file));

	if (!path)
		problems_add(d->problems, where, "cannot include '%s': HOME is not set", e->text);
	if (!path || !file)
		return;
	const int rc = problems_heed(d->problems, file_read(file, d->files, path));
	const char *const wrong = rc ? file_error(rc) : objection(p, file);
	if (wrong)
		problems_add(d->problems, where, "cannot include '%s': %s", path, wrong);
	else
		add(d, file, p);
}

static void add(struct merge *d, const struct file *file, const struct inisections *included_by)
{
	struct inisections p = {.included_by = included_by, .merged = d, .file = file};
	struct section *next;

	inisections_read(&p);
	struct section *const general = section_find(&p.sections, SECTION_SOCKSIFY, "");
	const struct key *const key = key_find(SECTION_SOCKSIFY, "include");
	const struct entry *const e = general ? *section_place(general, key) : NULL;
	if (e && e->text[0])
		include(&p, e);
	for (int kind = 0; kind < SECTION_KINDS; kind++) {
		for (struct section *s = p.sections.of[kind]; s; s = next) {
			next = s->handle.next; /* merge() links the section into another table */
			merge(d, s);
		}
	}
}

void merge_add(struct merge *d, const struct file *file)
{
	add(d, file, NULL);
}
