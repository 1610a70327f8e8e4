/* SPDX-License-Identifier: MIT */
/* exports: one dialect a row. */
#include "cli/shell/exports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"

static const struct dialect {
	const char *shells;      /* between blanks */
	const char *set, *unset; /* formats of a name; the value follows the first in single quotes */
	const char *escaped;     /* what needs a backslash in single quotes; "": a quote ends them, is escaped, and begins them again */
} dialects[] = {
	{" bash zsh sh dash ksh mksh ash busybox ", "export %s=", "unset %s;\n", ""},
	{" fish ", "set -gx %s ", "set -e %s;\n", "\\'"},
	{" csh tcsh ", "setenv %s ", "unsetenv %s;\n", ""},
};

static const struct dialect *find(const char *shell)
{
	const char *const slash = strrchr(shell, '/');
	char name[64];

	snprintf(name, sizeof(name), " %s ", slash ? slash + 1 : shell);
	for (size_t i = 0; i < sizeof(dialects) / sizeof(*dialects); i++)
		if (strstr(dialects[i].shells, name))
			return &dialects[i];
	return NULL;
}

static void put_quoted(const struct dialect *d, const char *value)
{
	putchar('\'');
	for (; *value; value++) {
		if (*d->escaped && strchr(d->escaped, *value))
			putchar('\\');
		if (!*d->escaped && *value == '\'')
			fputs("'\\'", stdout);
		putchar(*value);
	}
	putchar('\'');
}

static void put(const struct dialect *d, const char *variable)
{
	char name[128];
	const size_t n = strcspn(variable, "=");

	if (n >= sizeof(name))
		return;
	memcpy(name, variable, n);
	name[n] = '\0';
	printf(d->set, name);
	put_quoted(d, variable + n + 1);
	puts(";");
}

bool exports_print(const char *shell, const char *const gone[])
{
	const char *const name = shell ? shell : getenv("SHELL");
	const struct dialect *const d = find(name ? name : "sh");

	if (!d) {
		say("'--env' knows no shell '%s': sh, bash, zsh, fish and csh were meant", name);
		return false;
	}
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "SOCKSIFY_", 9) == 0 || strncmp(*e, "LD_PRELOAD=", 11) == 0)
			put(d, *e);
	for (; *gone; gone++)
		printf(d->unset, *gone);
	return true;
}
