/* SPDX-License-Identifier: MIT */
/* key: the table of every key that a configuration may have. */
#ifndef CONF_LOAD_KEY_H
#define CONF_LOAD_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/suggest.h"
#include "core/base/text.h"

enum section_kind { SECTION_SOCKSIFY, SECTION_PROXY, SECTION_CHAIN, SECTION_RULE, SECTION_KINDS };

enum key_how { KEY_ONE = 0, KEY_REQUIRED = 1, KEY_LIST = 2, KEY_HOPS = KEY_REQUIRED | KEY_LIST, KEY_FILE = 4, KEY_EMPTY = 8 };

struct reading; /* loader.h */

/* Take in one value. Returns false with the mistake in the reading's `problem`. `word` is the value's place among the key's words. */
typedef bool key_reader(struct reading *, const char *text, int word);

/* Without pointers, which would have to be relocated in every process. */
struct key {
	enum section_kind section;
	char name[24];
	unsigned how;   /* enum key_how */
	char words[60]; /* empty if any value may do */
};

#define KEY(section, name, how, reader, words) key_reader reader;
#include "config.def"
#undef KEY

/* Returns the `i`th row, or NULL past the last. */
const struct key *key_at(int i);

/* Returns the key `name` of a section, or NULL if it has none. */
const struct key *key_find(enum section_kind, const char *name);

/* Take in a value of that key. */
bool key_read(const struct key *, struct reading *, const char *text, int word);

/* Append which key the unknown `name` may have meant, or in which section it belongs. */
void key_suggest(enum section_kind, const char *name, struct text *);

/* "socksify", "proxy"... */
const char *section_word(enum section_kind);

/* Returns the kind that `word` names, or SECTION_KINDS if it names none. */
enum section_kind section_kind(const char *word);

/* Returns the place of `text` among a key's words, or -1. */
int key_word(const struct key *, const char *text);

/* Append "; did you mean 'strict'?", or ": strict, dynamic or fastest was meant". */
void key_suggest_word(const struct key *, const char *text, struct text *);

#endif
