/* SPDX-License-Identifier: MIT */
/* line: cut text into lines, and lines into words. */
#include "cli/import/line.h"

#include <string.h>
#include <strings.h>

#include "core/base/ascii.h"

/* Blank what stands between slash and star, but for the newlines, which count. */
static void blank_comments(char *text)
{
	char *end;

	while ((text = strstr(text, "/*"))) {
		end = strstr(text + 2, "*/");
		end = end ? end + 2 : text + strlen(text);
		for (; text < end; text++)
			if (*text != '\n')
				*text = ' ';
	}
}

struct lines lines_of(char *text, const struct syntax *syntax)
{
	if (syntax->c_comment)
		blank_comments(text);
	return (struct lines){.syntax = syntax, .at = text};
}

/* Returns how many bytes precede the comment. */
static size_t before_comment(const char *at, size_t n, const struct syntax *s)
{
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		quoted ^= s->quotes && at[i] == '"';
		if (quoted)
			continue;
		if (at[i] == '#' && (i == 0 || !s->whole_comment))
			return i;
		if (s->c_comment && i + 1 < n && at[i] == '/' && at[i + 1] == '/')
			return i;
	}
	return n;
}

/* Copy one word, and return where the rest begins. */
static const char *copy_word(const char *at, char **to, const struct syntax *s)
{
	if (s->quotes && *at == '"') {
		const size_t n = strcspn(++at, "\"");
		*to = (char *)mempcpy(*to, at, n);
		return at + n + (at[n] == '"');
	}
	if (strchr(s->marks, *at)) {
		*(*to)++ = *at++;
		return at;
	}
	while (*at && !ascii_is_blank(*at) && !strchr(s->marks, *at))
		*(*to)++ = *at++;
	return at;
}

static void split(struct line *l, const struct syntax *s)
{
	const char *at = l->text;
	char *to = l->bytes;

	for (l->n = 0; l->n < LINE_WORDS; l->n++) {
		while (ascii_is_blank(*at))
			at++;
		if (!*at)
			break;
		l->word[l->n] = to;
		at = copy_word(at, &to, s);
		*to++ = '\0';
	}
	*to = '\0';
	for (int i = l->n; i <= LINE_WORDS; i++)
		l->word[i] = to;
}

bool lines_next(struct lines *from, struct line *l)
{
	while (*from->at) {
		const char *at = from->at;
		size_t n = strcspn(at, "\n");

		from->at += n + (at[n] == '\n');
		l->number = ++from->number;
		ascii_trim(&at, &n);
		n = before_comment(at, n, from->syntax);
		ascii_trim(&at, &n);
		if (n >= LINE_TEXT)
			n = LINE_TEXT - 1;
		memcpy(l->text, at, n);
		l->text[n] = '\0';
		split(l, from->syntax);
		if (l->n)
			return true;
	}
	return false;
}

bool line_word_is(const struct line *l, int i, const char *word)
{
	return strcasecmp(l->word[i], word) == 0;
}
