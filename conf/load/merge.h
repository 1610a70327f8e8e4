/* SPDX-License-Identifier: MIT */
/* merge: one list of sections from an ini file and those it includes. */
#ifndef CONF_LOAD_MERGE_H
#define CONF_LOAD_MERGE_H

#include "conf/load/file.h"
#include "conf/load/problems.h"
#include "conf/load/section.h"
#include "core/base/arena.h"

struct merge {
	struct arena *permanent; /* for names and paths */
	struct arena *scratch;   /* for everything else, until the configuration is loaded */
	struct files *files;
	struct problems *problems;
	struct sections sections; /* an included file's first; each section once, each of its keys once */
};

/* Add a file after the one it includes, so that its keys replace those of the included file. */
void merge_add(struct merge *, const struct file *);

#endif
