/* SPDX-License-Identifier: MIT */
/* fuzz: a rule's patterns are anything at all, a line each, and so is the destination that it is asked about. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "conf/rule.h"

static char *line(char **at)
{
	static char none[] = "";
	char *const text = strsep(at, "\n");

	return text ? text : none;
}

static bool matches(const struct rule *r, const struct destination *to)
{
	return rule_mismatch(r, to) == RULE_NONE;
}

/* Without brackets and backslashes a pattern means to us what it means to fnmatch(3). */
static void same_as_fnmatch(const char *glob, const char *program, bool matches)
{
	if (!strpbrk(glob, "[\\") && matches != (fnmatch(glob, program, 0) == 0))
		abort();
}

static void match(char *host, char *port, char *glob, char *where, const char *program)
{
	struct rule rule = {0}, globs = {0};
	struct arena arena = {0};
	struct addr a = {.kind = ADDR_IPV4};
	TEXT(problem, 1024);

	rule_add_host(&rule, &arena, host, strlen(host), &problem);
	rule_add_port(&rule, &arena, port, strlen(port), &problem);
	addr_parse(&a, where, strlen(where), 80);
	const struct destination to = {.addr = &a, .program = program};
	matches(&rule, &to);
	if (rule_add_program(&globs, &arena, glob, strlen(glob), &problem))
		same_as_fnmatch(glob, program, matches(&globs, &to));
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *const text = strndup((const char *)data, n), *at = text;
	char *const host = line(&at), *const port = line(&at), *const glob = line(&at), *const where = line(&at);

	match(host, port, glob, where, line(&at));
	free(text);
	return 0;
}
