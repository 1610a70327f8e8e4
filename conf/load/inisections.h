/* SPDX-License-Identifier: MIT */
/* inisections: the sections of a single ini file, before they are merged with those of other files. */
#ifndef CONF_LOAD_INISECTIONS_H
#define CONF_LOAD_INISECTIONS_H

#include <stdbool.h>

#include "conf/load/merge.h"

struct inisections {
	const struct inisections *included_by;
	struct merge *merged;
	const struct file *file;
	struct sections sections; /* in the order of the file */
	struct section *section;  /* takes the next value; NULL: skip values */
	struct entry *entry;      /* takes an indented line; NULL: skip it */
	bool headed;              /* a section has begun */
};

/* Read the file into `sections`, and report every mistake in it. */
void inisections_read(struct inisections *);

#endif
