/* SPDX-License-Identifier: MIT */
/* section: the sections of each kind are a hash table that keeps their order. */
#include "conf/load/section.h"

#include <string.h>

#include "core/base/ascii.h"

const char *section_label(const struct section *s, char to[static SECTION_LABEL])
{
	struct text t = {.at = to, .size = SECTION_LABEL};

	to[0] = '\0';
	text_add(&t, "[%s%s%s]", section_word(s->kind), s->name[0] ? " " : "", s->name);
	return to;
}

bool section_is_name(const char *text)
{
	for (const char *c = text; *c; c++)
		if (!ascii_is_alnum(*c) && (unsigned char)*c < 0x80 && !strchr("._-", *c))
			return false;
	return *text;
}

struct section *section_find(const struct sections *all, enum section_kind kind, const char *name)
{
	struct section *found;

	HASH_FIND(handle, all->of[kind], name, strlen(name), found);
	return found;
}

bool section_append(struct sections *all, struct section *s, struct arena *arena)
{
	HASH_ADD_KEYPTR(handle, all->of[s->kind], s->name, strlen(s->name), s);
	return s->handle.tbl;
}

struct entry **section_place(struct section *s, const struct key *key)
{
	struct entry **e = &s->entries;

	while (*e && (*e)->key != key)
		e = &(*e)->next;
	return e;
}
