/* SPDX-License-Identifier: MIT */
/* inifile: report the lines of one ini file to a listener, one by one. inih reads them; nothing is cut silently. */
#ifndef CONF_LOAD_INIFILE_H
#define CONF_LOAD_INIFILE_H

#include <stdbool.h>

#include "conf/load/file.h"

enum { INIFILE_LINE_MAX = 4093, INIFILE_SECTION_MAX = 49 };

struct inifile_listener {
	void *context;
	/* "[text]" stands on `line`. NULL: the heading is unreadable, and the values after it belong to no section. */
	void (*section)(void *context, int line, const char *text);
	/* "key = value". NULL as `key`: one more line of the previous key's value. */
	void (*value)(void *context, int line, const char *key, const char *value);
	/* What is wrong on `line`. */
	void (*mistake)(void *context, int line, const char *problem);
};

/* Report everything in the file to `to`, in the file's order. */
void inifile_tell(const struct file *, const struct inifile_listener *to);

#endif
