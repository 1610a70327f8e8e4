/* SPDX-License-Identifier: MIT */
/* suggest: find the valid word that the user probably meant. */
#ifndef CORE_BASE_SUGGEST_H
#define CORE_BASE_SUGGEST_H

#include <stddef.h>

#include "core/base/text.h"

struct suggest {
	const char *typed;
	const char *best; /* NULL: nothing is near */
	size_t distance;  /* of `best` */
};

/* Start with what the user typed. It and the candidates must live until the search ends. */
struct suggest suggest_for(const char *typed);

/* Consider one valid word; `best` keeps the nearest so far. */
void suggest_offer(struct suggest *, const char *candidate);

/* Append "; did you mean 'best'?", or nothing. */
void suggest_text(const struct suggest *, struct text *);

#endif
