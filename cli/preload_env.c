/* preload_env: LD_PRELOAD, with our library in front of what is there. */
#include "preload_env.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define LIBRARY "libsocksify.so"

static const char separators[] = " :"; /* ld.so(8) knows no way to quote them */

/* Cut the last component off; false if there is none. */
static bool cut(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

bool preload_env_library_of(const char *exe, struct text *library, struct text *problem)
{
	char prefix[PATH_MAX], built[PATH_MAX + 64], installed[PATH_MAX + 64];

	snprintf(prefix, sizeof(prefix), "%s", exe);
	if (!cut(prefix) || !cut(prefix)) {
		text_add(problem, "cannot find %s from '%s'", LIBRARY, exe);
		return false;
	}
	if (strpbrk(prefix, separators) || strchr(prefix, '$')) {
		text_add(problem, "LD_PRELOAD cannot name a library below '%s': a blank, ':' or '$' is in the way; "
			 "install socksify elsewhere", prefix);
		return false;
	}
	snprintf(built, sizeof(built), "%s/lib/" LIBRARY, prefix);
	snprintf(installed, sizeof(installed), "%s/" LIB "/socksify/" LIBRARY, prefix);
	if (access(built, R_OK) == 0) {
		text_add(library, "%s", built);
		return true;
	}
	if (access(installed, R_OK) == 0) {
		text_add(library, "%s/$LIB/socksify/" LIBRARY, prefix);
		return true;
	}
	text_add(problem, "cannot find the library: neither '%s' nor '%s' can be read", built, installed);
	return false;
}

bool preload_env_library(struct text *library, struct text *problem)
{
	char exe[PATH_MAX];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n > 0)
		exe[n] = '\0';
	else if (!realpath((const char *)getauxval(AT_EXECFN), exe)) { /* a chroot without /proc */
		text_add(problem, "cannot read '/proc/self/exe': %s", strerror(errno));
		return false;
	}
	return preload_env_library_of(exe, library, problem);
}

/* The next entry of an LD_PRELOAD list at `*at`, its length in `n`; NULL past the last. */
static const char *next_entry(const char **at, size_t *n)
{
	const char *entry = *at + strspn(*at, separators);

	*n = strcspn(entry, separators);
	*at = entry + *n;
	return *n ? entry : NULL;
}

static bool is_ours(const char *entry, size_t n)
{
	const size_t len = strlen(LIBRARY);

	return n >= len && memcmp(entry + n - len, LIBRARY, len) == 0 && (n == len || entry[n - len - 1] == '/');
}

void preload_env_join(struct text *to, const char *library, const char *others)
{
	size_t n;

	text_add(to, "%s", library);
	for (const char *entry; others && (entry = next_entry(&others, &n));)
		if (!is_ours(entry, n))
			text_add(to, ":%.*s", (int)n, entry);
}

bool preload_env_has_ours(const char *list)
{
	size_t n;

	for (const char *entry; list && (entry = next_entry(&list, &n));)
		if (is_ours(entry, n))
			return true;
	return false;
}
