/* SPDX-License-Identifier: MIT */
/* section: the sections of ini files and the text of their keys, not yet interpreted. */
#ifndef CONF_LOAD_SECTION_H
#define CONF_LOAD_SECTION_H

#include "conf/hash.h"
#include "conf/load/file.h"
#include "conf/load/key.h"

/* One line of a key's value. */
struct entry {
	struct entry *next; /* of the section */
	struct entry *more; /* the same key's next line */
	struct entry *last; /* in the first line of a key: its last */
	const struct key *key;
	const struct file *file;
	int line;
	const char *text;
};

struct section {
	UT_hash_handle handle; /* by name; `handle.next` is the next of its kind, in their order */
	enum section_kind kind;
	const char *name; /* "" for [socksify] */
	const struct file *file;
	int line;
	struct entry *entries;
};

/* The first section of each kind. */
struct sections {
	struct section *of[SECTION_KINDS];
};

/* True if the text is fit to be a section's name. */
bool section_is_name(const char *text);

/* Returns the section of that kind and name, or NULL. */
struct section *section_find(const struct sections *, enum section_kind, const char *name);

/* Append `s`, of a kind and name that the others lack. Returns false if memory is short. */
bool section_append(struct sections *, struct section *s, struct arena *);

/* Returns where the key's entry is linked into the section, or where it would be. */
struct entry **section_place(struct section *, const struct key *);

/* Room for "[proxy NAME]". */
enum { SECTION_LABEL = 64 };

/* Write the section's heading to `to`, and return that. */
const char *section_label(const struct section *, char to[static SECTION_LABEL]);

#endif
