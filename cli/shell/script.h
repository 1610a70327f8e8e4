/* SPDX-License-Identifier: MIT */
/* script: what the completions of all shells are made of: rows of the table of options, and of that of keys. */
#ifndef CLI_SHELL_SCRIPT_H
#define CLI_SHELL_SCRIPT_H

#include "cli/option_table.h"

/* Print the whole script of a shell. */
void script_bash(void);
void script_zsh(void);
void script_fish(void);

/* Each option that users know of. */
#define EACH_NAMED(row)  \
	EACH_OPTION(row) \
		if (script_has(row))

/* True if the completion has the option: it is no heading, and for users. */
bool script_has(const struct option *row);

/* Print the text with a backslash before what is in `escape`, and `quote` in the place of a single quote. */
void script_escaped(const char *text, const char *escape, const char *quote);

/* Print each key of [socksify] that an option can set, between `before` and `after`. */
void script_keys(const char *before, const char *after);

/* Print, for each of these keys that has words, the text with the key in the place of "%k", and its words in that of "%w"; no other % is in it. */
void script_words(const char *text);

/* Returns the words of `guard`, with blanks between them. */
const char *script_modes(void);

#endif
