/* inisections: what a single file says, while files are merged. */
#ifndef CONF_LOAD_INISECTIONS_H
#define CONF_LOAD_INISECTIONS_H

#include <stdbool.h>

#include "conf/load/merge.h"

struct inisections {
	const struct inisections *included_by;
	struct merge *merged;
	const struct file *file;
	struct section *sections; /* in the order of the file */
	struct section *section; /* where values go; NULL: they are passed over */
	struct entry *entry; /* what an indented line continues; NULL: it is passed over */
	bool headed; /* a section has begun */
};

/* Read the file into its sections, and say what is wrong with it. */
void inisections_read(struct inisections *);

#endif
