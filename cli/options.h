/* SPDX-License-Identifier: MIT */
/* options: read the command line; flags become the environment that the library reads. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

/* What the launcher does; the first is the default. */
enum verb {
	VERB_RUN,
	VERB_HELP,
	VERB_VERSION,
	VERB_CHECK,
	VERB_EXPLAIN,
	VERB_IMPORT,
	VERB_SERVE,
	VERB_DOCTOR,
	VERB_SHELL,
	VERB_ENV,
	VERB_COMPLETION,
	VERB_NAMES,
	VERB_TOP,
	VERB_EXPOSE,
};

struct options {
	enum verb verb;
	const char *verb_name; /* "--check"; NULL for VERB_RUN */
	const char *argument;  /* of the verb; NULL if left out */
	const char *second;    /* that follows it; VERB_CHECK only */
	bool json, once;
	int verbosity;
	bool report;           /* print a table of the connections at the end */
	char *proxies, *rules; /* from all -x and -r, joined as the environment wants them; NULL: none */
	const char *chain;     /* of the last -c; NULL: none */
	bool exposed;          /* a password stood in an argument, where others could read it */
	const char *file;      /* to execute in the COMMAND's name; NULL: what the COMMAND names */
	char **command;        /* the COMMAND and its arguments, NULL-terminated; empty but for VERB_RUN and VERB_DOCTOR */
};

/* Read argv[1] and on, and set SOCKSIFY_* accordingly. Returns false after a message on stderr: bad usage. */
bool options_parse(struct options *, char *argv[]);

#endif
