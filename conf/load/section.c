/* SPDX-License-Identifier: MIT */
/* section: find and append by walking the lists. */
#include "conf/load/section.h"

#include <string.h>

const char *section_label(const struct section *s, char to[static SECTION_LABEL])
{
	struct text t = {.at = to, .size = SECTION_LABEL};

	to[0] = '\0';
	text_add(&t, "[%s%s%s]", section_word(s->kind), s->name[0] ? " " : "", s->name);
	return to;
}

struct section *section_find(struct section *s, enum section_kind kind, const char *name)
{
	while (s && (s->kind != kind || strcmp(s->name, name) != 0))
		s = s->next;
	return s;
}

void section_append(struct section **list, struct section *s)
{
	while (*list)
		list = &(*list)->next;
	s->next = NULL;
	*list = s;
}

struct entry **section_place(struct section *s, const struct key *key)
{
	struct entry **e = &s->entries;

	while (*e && (*e)->key != key)
		e = &(*e)->next;
	return e;
}
