/* SPDX-License-Identifier: MIT */
/* key: find a key, or suggest the one that was meant. */
#include "conf/load/key.h"

#include <string.h>

static const struct key keys[] = {
#define KEY(section, name, how, reader, words) {SECTION_##section, name, KEY_##how, words},
#include "config.def"
#undef KEY
};

static key_reader *const readers[] = {
#define KEY(section, name, how, reader, words) reader,
#include "config.def"
#undef KEY
};

enum { KEYS = sizeof(keys) / sizeof(*keys), WORD_MAX = 31 };

static const char *const sections[] = {
	[SECTION_SOCKSIFY] = "socksify", [SECTION_PROXY] = "proxy", [SECTION_CHAIN] = "chain", [SECTION_RULE] = "rule"};

const struct key *key_at(int i)
{
	return i < KEYS ? &keys[i] : NULL;
}

const struct key *key_find(enum section_kind section, const char *name)
{
	for (int i = 0; i < KEYS; i++)
		if (keys[i].section == section && strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool key_read(const struct key *key, struct reading *r, const char *text, int word)
{
	return readers[key - keys](r, text, word);
}

static bool belongs_elsewhere(const char *name, struct text *t)
{
	for (int i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		const enum section_kind kind = keys[i].section;
		text_add(t, "; it belongs in [%s%s]", sections[kind], kind == SECTION_SOCKSIFY ? "" : " NAME");
		return true;
	}
	return false;
}

void key_suggest(enum section_kind section, const char *name, struct text *t)
{
	struct suggest s = suggest_for(name);

	if (belongs_elsewhere(name, t))
		return;
	for (int i = 0; i < KEYS; i++)
		if (keys[i].section == section)
			suggest_offer(&s, keys[i].name);
	for (int i = 0; !s.best && i < KEYS; i++)
		suggest_offer(&s, keys[i].name);
	suggest_text(&s, t);
}

const char *section_word(enum section_kind kind)
{
	return sections[kind];
}

enum section_kind section_kind(const char *word)
{
	int kind = 0;

	while (kind < SECTION_KINDS && strcmp(sections[kind], word) != 0)
		kind++;
	return (enum section_kind)kind;
}

/* Copy the next word of a list. Returns false at the end. */
static bool next_word(const char **at, char word[WORD_MAX + 1])
{
	*at += strspn(*at, " ");
	size_t n = strcspn(*at, " ");
	if (!n)
		return false;
	memcpy(word, *at, n);
	word[n] = '\0';
	*at += n;
	return true;
}

int key_word(const struct key *key, const char *text)
{
	char word[WORD_MAX + 1];
	const char *at = key->words;

	for (int i = 0; next_word(&at, word); i++)
		if (strcmp(word, text) == 0)
			return i;
	return -1;
}

void key_suggest_word(const struct key *key, const char *text, struct text *t)
{
	char words[8][WORD_MAX + 1];
	const char *at = key->words;
	struct suggest s = suggest_for(text);
	int n = 0;

	while (n < 8 && next_word(&at, words[n]))
		suggest_offer(&s, words[n++]);
	suggest_text(&s, t);
	for (int i = 0; !s.best && i < n; i++)
		text_add(t, "%s%s%s", i == 0 ? ": " : i == n - 1 ? " or " : ", ", words[i], i == n - 1 ? " was meant" : "");
}
