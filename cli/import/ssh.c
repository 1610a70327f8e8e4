/* SPDX-License-Identifier: MIT */
/* ssh: the SOCKS proxies that an ssh_config offers (DynamicForward), each by the name of its Host. */
#include <string.h>

#include "cli/import/importers.h"
#include "core/base/ascii.h"

enum { NAME = 40 };

/* "Host NAME" or "Host = NAME" */
static char *value(const struct line *l)
{
	return l->word[line_word_is(l, 1, "=") ? 2 : 1];
}

/* A host's first name, as the name of a proxy. */
static void name_of(char to[static NAME], const struct line *l)
{
	const char *const from = value(l);
	size_t n = 0;

	for (; n < NAME - 1 && from[n]; n++)
		to[n] = ascii_is_alnum(from[n]) || strchr("._-", from[n]) ? from[n] : '_';
	to[n] = '\0';
	if (!n || strcmp(to, "direct") == 0 || strcmp(to, "block") == 0)
		snprintf(to, NAME, "ssh-%d", l->number);
}

/* "1080", "localhost:1080", "[::1]:1080", "*:1080" */
static void take_forward(struct draft *d, const struct line *l, const char *name)
{
	char *const text = value(l), *const colon = strrchr(text, ':');
	struct server s = {.scheme = "socks5", .host = "127.0.0.1", .port = colon ? colon + 1 : text};
	TEXT(problem, 512);

	if (colon && colon > text && *text != '*') {
		*colon = '\0';
		s.host = text;
	}
	if (!draft_proxy(d, name, l->number, &s, &problem))
		draft_left(d, l, "%s", problem.at);
	else if (strcmp(d->chain, "block") == 0)
		draft_chain(d, name);
}

void import_ssh(struct draft *d, struct lines *lines)
{
	char name[NAME] = "ssh";
	struct line l;

	draft_note(d, "Each DynamicForward is a proxy while that ssh runs. The rest of the file is ssh's own.");
	while (lines_next(lines, &l)) {
		if (line_word_is(&l, 0, "Host") || line_word_is(&l, 0, "Match"))
			name_of(name, &l);
		else if (line_word_is(&l, 0, "Include"))
			draft_left(d, &l, "import that file by itself");
		else if (line_word_is(&l, 0, "DynamicForward"))
			take_forward(d, &l, name);
	}
}
