/* SPDX-License-Identifier: MIT */
/* option_table: the table of options, from which the command line is read, and the help and the completion are made. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "options.h"

/* What a shell may complete an option's value with. */
enum complete {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_CHAIN,
	COMPLETE_RULE,
	COMPLETE_KEY,
	COMPLETE_HOST,
	COMPLETE_COMMAND,
	COMPLETE_SHELL,
	COMPLETE_MODE
};

struct option;
typedef bool take(struct options *, const struct option *, const char *value);

/* A row says how an option is written, what it does, and what people are told about it. */
struct option {
	char letter; /* '\0': has a long name only */
	const char *name;
	const char *argument; /* NULL: takes none; "[NAME]": may be left out */
	take *take;
	const char *variable; /* for those that only set one */
	enum verb verb;       /* for those that stand instead of a command */
	enum complete complete;
	const char *help;
	const char *left; /* how --help writes it; NULL: as it is written; "": not, another row speaks of it */
};

/* Returns the `i`th row, or NULL past the last. One without a name is a heading of --help. */
const struct option *option_at(int i);

/* True if the argument may be left out. */
bool option_may_lack_argument(const struct option *);

#define EACH_OPTION(row) for (const struct option *row = option_at(0); row; row = row[1].help ? row + 1 : NULL)

#endif
