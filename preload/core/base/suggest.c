/* SPDX-License-Identifier: MIT */
/* suggest: count the typing mistakes between two words, and keep the nearest. */
#include "core/base/suggest.h"

#include <string.h>

#include "core/base/ascii.h"

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Count letters left out, added, changed or swapped with their neighbour (optimal string alignment). */
static size_t distance(const char *a, const char *b)
{
	const size_t n = strlen(a), m = strlen(b);
	unsigned char rows[3][LONGEST + 1];
	unsigned char *before = rows[0], *last = rows[1], *row = rows[2];

	if (n > LONGEST || m > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= m; j++)
		last[j] = (unsigned char)j;
	for (size_t i = 1; i <= n; i++) {
		row[0] = (unsigned char)i;
		for (size_t j = 1; j <= m; j++) {
			const char x = ascii_lower(a[i - 1]), y = ascii_lower(b[j - 1]);
			size_t d = least(last[j - 1] + (x != y), least(last[j], row[j - 1]) + 1u);
			if (i > 1 && j > 1 && x == ascii_lower(b[j - 2]) && y == ascii_lower(a[i - 2]))
				d = least(d, before[j - 2] + 1u);
			row[j] = (unsigned char)d;
		}
		unsigned char *const spare = before;
		before = last, last = row, row = spare;
	}
	return last[m];
}

struct suggest suggest_for(const char *typed)
{
	return (struct suggest){.typed = typed};
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	const size_t d = distance(s->typed, candidate);
	const size_t shorter = least(strlen(s->typed), strlen(candidate));

	/* Two mistakes turn a short word into another word. */
	if (d > (shorter > 4 ? 2u : 1u) || shorter < 2 || (s->best && d >= s->distance))
		return;
	s->best = candidate;
	s->distance = d;
}

void suggest_text(const struct suggest *s, struct text *t)
{
	if (s->best)
		text_add(t, "; did you mean '%s'?", s->best);
}
