/* SPDX-License-Identifier: MIT */
/* kept: a configuration as it lay in the launcher's memory, in a file, for the programs that the launcher starts: to take over ten thousand
 * rules is thirty times as fast as to read them. It holds only while everything that it was read from is as it was. */
#ifndef CONF_LOAD_KEPT_H
#define CONF_LOAD_KEPT_H

#include "conf/config.h"

/* The variable by which a program learns of the file. */
#define KEPT_VARIABLE "SOCKSIFY_KEPT"

/* The file begins with this; after KEPT_HEAD bytes the arena's only block follows. All pointers point into that block, which must lie where
 * it lay. */
enum { KEPT_HEAD = 64 * 1024 }; /* a multiple of every page size */

struct kept {
	char mark[16];
	struct arena arena;
	size_t size; /* of the block */
	const struct config *config;
	const char *const *environment; /* NAME=VALUE of all variables that matter, in any order, then NULL */
};

enum { KEPT_NAME = 64 };

/* Write the name of the `i`th variable that a configuration depends on, and return that; NULL past the last. Some may be unset. */
const char *kept_variable(int i, char to[static KEPT_NAME]);

/* Write the mark of a file that programs of this very build understand. */
void kept_mark(char to[static 16]);

/* Take over what the file at `path` keeps: map it, so that only the pages are read that a decision needs. Nobody writes to such a file, a new
 * one takes its name. Returns false if it is not the user's alone, is of another build, was read from anything else
 * than is there now, or finds its place in memory taken. */
bool kept_take(struct config *, const char *path);

#endif
