/* SPDX-License-Identifier: MIT */
/* line: another tool's configuration, line by line and word by word. */
#ifndef CLI_IMPORT_LINE_H
#define CLI_IMPORT_LINE_H

#include <stdbool.h>

enum { LINE_TEXT = 1024, LINE_WORDS = 64 };

/* How a tool writes its lines. */
struct syntax {
	const char *marks;  /* characters that are words by themselves: "{}=" */
	bool whole_comment; /* '#' begins a comment only where nothing stands before it */
	bool c_comment;     /* so do // and slash-star */
	bool quotes;        /* "a word" */
};

struct line {
	int number;
	char text[LINE_TEXT]; /* without the comment and the blanks around */
	char bytes[2 * LINE_TEXT];
	char *word[LINE_WORDS + 1]; /* `n` of them, then "" */
	int n;
};

struct lines {
	const struct syntax *syntax;
	char *at; /* the rest of the text */
	int number;
};

/* Begin with the whole text, which is written to. */
struct lines lines_of(char *text, const struct syntax *);

/* Read the next line that has words. Returns false at the end. What is too long for a `struct line` is cut. */
bool lines_next(struct lines *, struct line *);

/* True if word `i` is `word`, in upper or lower case. */
bool line_word_is(const struct line *, int i, const char *word);

#endif
