/* suggest: of the words that would have been right, the one that was probably meant. */
#ifndef CORE_BASE_SUGGEST_H
#define CORE_BASE_SUGGEST_H

#include <stddef.h>

#include "core/base/text.h"

struct suggest {
	const char *typed;
	const char *best; /* NULL: nothing is near */
	size_t distance; /* of `best` */
};

/* Start with what was typed; it must outlive the search, as must the candidates. */
struct suggest suggest_for(const char *typed);

/* Consider one right word; the nearest so far stays in `best`. */
void suggest_offer(struct suggest *, const char *candidate);

/* Append "; did you mean 'best'?", or nothing. */
void suggest_text(const struct suggest *, struct text *);

#endif
