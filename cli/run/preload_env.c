/* SPDX-License-Identifier: MIT */
/* preload_env: look beside the launcher, then where `make install` puts the library. */
#include "cli/run/preload_env.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "core/exec/preload_list.h"

/* Cut off the last component. Returns false if there is none. */
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
		text_add(problem, "cannot find %s from '%s'", PRELOAD_LIBRARY, exe);
		return false;
	}
	if (strpbrk(prefix, PRELOAD_SEPARATORS) || strchr(prefix, '$')) {
		text_add(problem,
			 "LD_PRELOAD cannot name a library below '%s': a blank, ':' or '$' is in the way; "
			 "install socksify elsewhere",
			 prefix);
		return false;
	}
	snprintf(built, sizeof(built), "%s/lib/" PRELOAD_LIBRARY, prefix);
	snprintf(installed, sizeof(installed), "%s/" LIB "/socksify/" PRELOAD_LIBRARY, prefix);
	if (access(built, R_OK) == 0) {
		text_add(library, "%s", built);
		return true;
	}
	if (access(installed, R_OK) == 0) {
		text_add(library, "%s/$LIB/socksify/" PRELOAD_LIBRARY, prefix);
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
	else if (!realpath((const char *)getauxval(AT_EXECFN), exe)) { /* in a chroot without /proc */
		text_add(problem, "cannot read '/proc/self/exe': %s", strerror(errno));
		return false;
	}
	return preload_env_library_of(exe, library, problem);
}
