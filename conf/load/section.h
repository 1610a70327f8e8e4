/* section: the sections of an ini file and their keys, in lists, before anybody asks what they mean. */
#ifndef CONF_LOAD_SECTION_H
#define CONF_LOAD_SECTION_H

#include "conf/load/file.h"
#include "conf/load/key.h"

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
