/* merge: what an ini file and those it includes say, before anybody asks what it means. */
#ifndef CONF_LOAD_MERGE_H
#define CONF_LOAD_MERGE_H

#include "core/base/arena.h"
#include "conf/load/file.h"
#include "conf/load/key.h"
#include "conf/load/problems.h"

/* One line of a key's value. */
struct entry {
	struct entry *next; /* of the section */
	struct entry *more; /* the same key's next line */
	const struct key *key;
	const struct file *file;
	int line;
	const char *text;
};

struct section {
	struct section *next;
	enum section_kind kind;
	const char *name; /* "" for [socksify] */
	const struct file *file;
	int line;
	struct entry *entries;
};

struct merge {
	struct arena *permanent; /* for names and paths */
	struct arena *scratch; /* for everything else */
	struct problems *problems;
	struct section
	    *sections; /* those of an included file first, each section once, each key of it once */
};

/* Add the file, after the one that it includes: a key in the including file takes the place of the included
 * one's. */
void merge_add(struct merge *, const struct file *);

/* Memory for as long as the document is of use; NULL after saying that there is none. */
void *merge_take(struct merge *, size_t size);

/* The section of a list, NULL if it is not there. */
struct section *section_find(struct section *, enum section_kind, const char *name);

/* Put `s` behind the last of a list. */
void section_append(struct section **list, struct section *s);

/* Where the entry of a key stands in the section, or where it would go. */
struct entry **section_place(struct section *, const struct key *);

/* Room for "[proxy NAME]". */
enum { SECTION_LABEL = 64 };

/* The section's heading, in `to`, which is returned. */
const char *section_label(const struct section *, char to[static SECTION_LABEL]);

#endif
