/* merge: what an ini file and those it includes say, before anybody asks what it means. */
#ifndef CONF_LOAD_MERGE_H
#define CONF_LOAD_MERGE_H

#include "core/base/arena.h"
#include "conf/load/file.h"
#include "conf/load/problems.h"
#include "conf/load/section.h"

struct merge {
	struct arena *permanent; /* for names and paths */
	struct arena *scratch; /* for everything else */
	struct problems *problems;
	struct section *sections; /* those of an included file first, each section once, each key of it once */
};

/* Add the file, after the one that it includes: a key in the including file takes the place of the included one's. */
void merge_add(struct merge *, const struct file *);

/* Memory for as long as the document is of use; NULL after saying that there is none. */
void *merge_take(struct merge *, size_t size);

#endif
