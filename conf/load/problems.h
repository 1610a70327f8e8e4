/* SPDX-License-Identifier: MIT */
/* problems: a line for each mistake of the user's, with the place where it stands. */
#ifndef CONF_LOAD_PROBLEMS_H
#define CONF_LOAD_PROBLEMS_H

#include "core/base/arena.h"
#include "core/base/text.h"

struct problems {
	struct text *text;
	unsigned count;
	bool starved; /* memory or descriptors were short, which may pass */
};

/* The place where the user asked for something. */
struct where {
	const char *file; /* a path, or the name of an environment variable; NULL: nowhere in particular */
	int line;         /* 0 if there is none */
};

/* Append "FILE line N: ...\n". What is not printable becomes '?': a message may end up on a terminal. */
void problems_add(struct problems *, struct where, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same for what the user should know, but what is no reason to load nothing. */
void problems_note(struct problems *, struct where, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Allocate from `arena`. Returns NULL after reporting that there is no memory. */
void *problems_take(struct problems *, struct arena *, size_t size);

/* Report that memory is short: nothing that the user asked for may go missing silently. */
void problems_add_memory(struct problems *);

/* Remember what the negative errno `rc` says of memory and descriptors. Returns `rc`. */
int problems_heed(struct problems *, int rc);

#endif
