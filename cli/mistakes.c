/* SPDX-License-Identifier: MIT */
/* mistakes: sort the lines by the place that each begins with. */
#include "mistakes.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

enum { MOST = 20, LINES = 512, TYPED = 16 };

static struct typed {
	char *source, *flag;
} typed[TYPED];

static int typed_n;

/* Where a mistake is. */
struct mistake {
	char *text;
	int file; /* in the order in which the files are first spoken of */
	int line; /* INT_MAX: the file as a whole */
	int place;
};

void mistakes_typed(const char *source, const char *flag)
{
	struct typed *t = typed;

	while (t < typed + typed_n && strcmp(t->source, source) != 0)
		t++;
	if (t == typed + TYPED)
		return;
	if (t == typed + typed_n)
		*t = (struct typed){.source = strdup(source)};
	free(t->flag);
	t->flag = strdup(flag);
	typed_n += t == typed + typed_n && t->source && t->flag;
}

/* Returns what begins with the source, followed by a ':' or a blank if `more`. */
static const struct typed *find(const char *text, bool more)
{
	for (const struct typed *t = typed; t < typed + typed_n; t++) {
		const size_t n = strlen(t->source);
		if (strncmp(text, t->source, n) == 0 && (more ? text[n] == ':' || text[n] == ' ' : !text[n]))
			return t;
	}
	return NULL;
}

const char *mistakes_source(const char *source)
{
	const struct typed *const t = find(source, false);

	return t ? t->flag : source;
}

/* Returns how many bytes name the file, and its line in `*line`. */
static size_t read_place(const char *text, int *line)
{
	const char *at = text;
	int n;

	*line = INT_MAX;
	while ((at = strstr(at, " line "))) {
		if (sscanf(at, " line %d%n", line, &n) == 1 && at[n] == ':')
			return (size_t)(at - text);
		at++;
	}
	*line = INT_MAX;
	at = strstr(text, ": ");
	return at ? (size_t)(at - text) : 0;
}

/* Returns which of the files the mistake at `m` is in, by those before it. */
static int file_of(const struct mistake *all, int i, size_t n)
{
	int line;

	for (int k = 0; k < i; k++)
		if (read_place(all[k].text, &line) == n && strncmp(all[k].text, all[i].text, n) == 0)
			return all[k].file;
	return i;
}

static int compare(const void *one, const void *other)
{
	const struct mistake *const a = one, *const b = other;

	if (a->file != b->file)
		return a->file - b->file;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->place - b->place;
}

static void say_one(const char *text)
{
	const struct typed *const t = find(text, true);

	if (t)
		say("%s%s", t->flag, text + strlen(t->source));
	else
		say("%s", text);
}

void mistakes_say(char *lines)
{
	static struct mistake all[LINES];
	int n = 0;

	for (char *rest = lines, *text; n < LINES && (text = strsep(&rest, "\n")) && *text; n++) {
		all[n] = (struct mistake){.text = text, .place = n};
		const size_t name = read_place(text, &all[n].line);
		all[n].file = file_of(all, n, name);
	}
	qsort(all, (size_t)n, sizeof(*all), compare);
	for (int i = 0; i < n && i < MOST; i++)
		say_one(all[i].text);
	if (n > MOST)
		say("and %d more", n - MOST);
}
