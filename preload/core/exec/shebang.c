/* SPDX-License-Identifier: MIT */
/* shebang: read the line as the kernel does. */
#include "core/exec/shebang.h"

#include <string.h>

static const char blanks[] = " \t";

bool shebang_read(struct shebang *s, const char *at, size_t n)
{
	char line[SHEBANG_MAX + 1];

	if (n > SHEBANG_MAX)
		n = SHEBANG_MAX;
	if (n < 2 || memcmp(at, "#!", 2) != 0)
		return false;
	memcpy(line, at + 2, n - 2);
	line[n - 2] = '\0';

	char *end = strchr(line, '\n');
	const bool whole = end || n < SHEBANG_MAX;
	if (end)
		*end = '\0';
	const char *name = line + strspn(line, blanks);
	const size_t len = strcspn(name, blanks);
	/* A path that reaches the end of what the kernel reads may be cut short. */
	if (len == 0 || (!whole && name[len] == '\0'))
		return false;

	const char *rest = name + len + strspn(name + len, blanks);
	size_t rest_len = strlen(rest);
	while (rest_len > 0 && strchr(blanks, rest[rest_len - 1]))
		rest_len--;
	*s = (struct shebang){0};
	memcpy(s->interpreter, name, len);
	memcpy(s->argument, rest, rest_len);
	return true;
}

/* Step over `prefix` when `at` begins with it. */
static const char *past(const char *at, const char *prefix)
{
	const size_t n = strlen(prefix);
	return strncmp(at, prefix, n) == 0 ? at + n : at;
}

bool shebang_env(const struct shebang *s, char name[static SHEBANG_MAX])
{
	const char *slash = strrchr(s->interpreter, '/');
	const char *at = s->argument;

	if (strcmp(slash ? slash + 1 : s->interpreter, "env") != 0)
		return false;
	/* The kernel passes the rest of the line as one argument; only -S makes env split it. */
	const char *split = past(past(past(at, "-S"), "-vS"), "--split-string=");
	if (split == at) {
		strcpy(name, at);
		return at[0] && at[0] != '-' && !strchr(at, '=');
	}
	for (size_t n; *(split += strspn(split, blanks)); split += n) {
		n = strcspn(split, blanks);
		if (split[0] == '-' || memchr(split, '=', n))
			continue;
		memcpy(name, split, n);
		name[n] = '\0';
		return true;
	}
	return false;
}
