/* SPDX-License-Identifier: MIT */
/* loader: read the options as rtld.c does. */
#include "core/exec/loader.h"

#include <stddef.h>
#include <string.h>

static const struct option {
	char name[24];
	enum { FLAG, VALUE, PRINTS } kind;
} options[] = {
	{"--inhibit-cache", FLAG}, {"--library-path", VALUE}, {"--inhibit-rpath", VALUE},        {"--audit", VALUE},
	{"--preload", VALUE},      {"--argv0", VALUE},        {"--glibc-hwcaps-prepend", VALUE}, {"--glibc-hwcaps-mask", VALUE},
	{"--list", PRINTS},        {"--verify", PRINTS},      {"--list-tunables", PRINTS},       {"--list-diagnostics", PRINTS},
	{"--help", PRINTS},        {"--version", PRINTS},
};

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(name, options[i].name) == 0)
			return &options[i];
	return NULL;
}

bool loader_program(char *const argv[], const char **program)
{
	*program = NULL;
	if (!argv || !argv[0])
		return true;
	for (argv++; *argv && strncmp(*argv, "--", 2) == 0; argv++) {
		if (!(*argv)[2]) {
			argv++;
			break;
		}
		const struct option *o = find(*argv);
		if (!o)
			return false;
		if (o->kind == PRINTS)
			return true;
		if (o->kind == VALUE && !*++argv)
			return true;
	}
	*program = *argv;
	return true;
}
