/* SPDX-License-Identifier: MIT */
/* problems: write one line for each mistake. */
#include "conf/load/problems.h"

#include <errno.h>

static void add(struct text *t, struct where where, const char *format, va_list args)
{
	const size_t start = t->len;

	if (where.file)
		text_add(t, "%s", where.file);
	if (where.line)
		text_add(t, " line %d", where.line);
	if (where.file)
		text_add(t, ": ");
	text_add_list(t, format, args);
	text_make_printable(t, start);
	text_add(t, "\n");
}

void problems_add(struct problems *p, struct where where, const char *format, ...)
{
	va_list args;

	p->count++;
	va_start(args, format);
	add(p->text, where, format, args);
	va_end(args);
}

void problems_note(struct problems *p, struct where where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(p->text, where, format, args);
	va_end(args);
}

void *problems_take(struct problems *p, struct arena *arena, size_t size)
{
	void *const memory = arena_take(arena, size);

	if (!memory)
		problems_add_memory(p);
	return memory;
}

void problems_add_memory(struct problems *p)
{
	p->starved = true;
	problems_add(p, (struct where){0}, "out of memory");
}

int problems_heed(struct problems *p, int rc)
{
	if (rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM)
		p->starved = true;
	return rc;
}
