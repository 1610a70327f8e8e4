/* SPDX-License-Identifier: MIT */
/* script: each of these prints a piece of a script. */
#include "cli/shell/script.h"

#include <stdio.h>
#include <string.h>

#include "conf/load/key.h"
#include "core/exec/launcher.h"

bool script_has(const struct option *row)
{
	return row->name && strcmp(row->name, LAUNCHER_OPTION) != 0;
}

void script_escaped(const char *text, const char *escape, const char *quote)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs(quote, stdout);
		else
			printf(strchr(escape, *text) ? "\\%c" : "%c", *text);
}

static bool is_settable(const struct key *key)
{
	return key->section == SECTION_SOCKSIFY && !(key->how & KEY_FILE);
}

void script_keys(const char *before, const char *after)
{
	for (int i = 0; key_at(i); i++)
		if (is_settable(key_at(i)))
			printf("%s%s%s", before, key_at(i)->name, after);
}

/* Print the words but for those whose feature is still to come. */
static void put_words(const char *words)
{
	const char *before = "";

	for (size_t n; *words; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		if (*words == '!')
			continue;
		printf("%s%.*s", before, (int)n, words);
		before = " ";
	}
}

static void put_filled(const char *text, const struct key *key)
{
	for (; *text; text++) {
		if (text[0] != '%') {
			putchar(*text);
			continue;
		}
		text++;
		if (*text == 'k')
			fputs(key->name, stdout);
		else
			put_words(key->words);
	}
}

void script_words(const char *text)
{
	for (int i = 0; key_at(i); i++)
		if (is_settable(key_at(i)) && key_at(i)->words[0])
			put_filled(text, key_at(i));
}

const char *script_modes(void)
{
	return key_find(SECTION_SOCKSIFY, "guard")->words;
}
