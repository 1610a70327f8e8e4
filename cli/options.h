/* options: the command line; flags become the environment that the library reads. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

/* What to do; the first is what a command line without any such option asks for. */
enum verb { VERB_RUN, VERB_HELP, VERB_VERSION, VERB_CHECK, VERB_EXPLAIN };

struct options {
	enum verb verb;
	const char *verb_name; /* "--check"; NULL for VERB_RUN */
	const char *argument;  /* of the verb; NULL if left out */
	int verbosity;
	char *proxies, *rules; /* what -x and -r have collected, joined as the environment wants them; NULL: none */
	char **command;        /* the COMMAND and its arguments, NULL-terminated; empty but for VERB_RUN */
};

/* Read argv[1] and on, and set SOCKSIFY_* accordingly. False after a message on stderr: bad usage. */
bool options_parse(struct options *, char *argv[]);

/* Print what can be said, from the table that options_parse() reads. */
void options_help(FILE *);

/* Print the two lines for somebody who said nothing. */
void options_usage(FILE *);

#endif
