/* inifile: the lines of one ini file, told one by one; inih reads them, and nothing is cut silently. */
#ifndef CONF_LOAD_INIFILE_H
#define CONF_LOAD_INIFILE_H

#include <stdbool.h>

#include "conf/load/file.h"

enum { INIFILE_LINE_MAX = 4093, INIFILE_SECTION_MAX = 49 };

struct inifile_listener {
	void *context;
	/* "[text]" stands on `line`; NULL when it cannot be read, and the values that follow are nobody's. */
	void (*section)(void *context, int line, const char *text);
	/* "key = value", or a further line of the last key's value: `key` is then NULL. */
	void (*value)(void *context, int line, const char *key, const char *value);
	/* What is wrong on `line`. */
	void (*mistake)(void *context, int line, const char *problem);
};

/* Tell `to` everything in the file, in its order. */
void inifile_tell(const struct file *, const struct inifile_listener *to);

#endif
