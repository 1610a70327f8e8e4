/* SPDX-License-Identifier: MIT */
/* program: look for a file as the kernel will. */
#include "core/exec/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int program_runnable(int at, const char *path)
{
	struct stat st;

	if (fstatat(at, path, &st, *path ? 0 : AT_EMPTY_PATH) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	/* Any other error, such as a sandbox that does not know the call, says nothing about the file. */
	return *path && faccessat(at, path, X_OK, AT_EACCESS) < 0 && errno == EACCES ? EACCES : 0;
}

const char *program_next(const char *name, const char *dirs, char path[static PATH_MAX])
{
	const size_t n = strcspn(dirs, ":");
	/* An empty element is the current directory, as it always was. */
	const int len = snprintf(path, PATH_MAX, "%.*s%s%s", (int)n, dirs, n ? "/" : "", name);

	if (len >= PATH_MAX)
		*path = '\0';
	return dirs[n] ? dirs + n + 1 : NULL;
}

int program_find(int cwd, const char *name, const char *dirs, char path[static PATH_MAX])
{
	int rc = ENOENT;

	if (!*name)
		return ENOENT;
	if (strlen(name) >= PATH_MAX)
		return ENAMETOOLONG;
	if (strchr(name, '/'))
		return program_runnable(cwd, strcpy(path, name));
	for (dirs = dirs ? dirs : PROGRAM_PATH; dirs;) {
		dirs = program_next(name, dirs, path);
		const int why = *path ? program_runnable(cwd, path) : ENAMETOOLONG;
		if (why == 0)
			return 0;
		if (why == EACCES)
			rc = EACCES; /* the errno only if no later directory has the file */
	}
	return rc;
}

size_t program_script_pointers(char *const argv[])
{
	size_t n = 0;

	while (argv && argv[n])
		n++;
	return n + 3;
}

char *const *program_script(const char *path, char *const argv[], const char **script)
{
	const char **to = script;

	*to++ = PROGRAM_SHELL;
	*to++ = path;
	for (size_t i = 1; argv && argv[0] && argv[i]; i++)
		*to++ = argv[i];
	*to = NULL;
	return (char *const *)script;
}
