/* document: what an ini file and those it includes say, before anybody asks what it means. */
#ifndef CONF_DOCUMENT_H
#define CONF_DOCUMENT_H

#include "arena.h"
#include "file.h"
#include "key.h"
#include "problems.h"

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

struct document {
	struct arena *lasting; /* for names and paths */
	struct arena *passing; /* for everything else */
	struct problems *problems;
	struct section
	    *sections; /* those of an included file first, each section once, each key of it once */
};

/* Add the file, after the one that it includes: a key in the including file takes the place of the included
 * one's. */
void document_add(struct document *, const struct file *);

/* Memory for as long as the document is of use; NULL after saying that there is none. */
void *document_take(struct document *, size_t size);

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
