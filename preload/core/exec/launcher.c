/* SPDX-License-Identifier: MIT */
/* launcher: it lies where it lies from the library, in a build tree or where `make install` puts both. */
#include "core/exec/launcher.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/sys.h"
#include "core/exec/preload_list.h"
#include "core/exec/program.h"

enum { OWN_ARGUMENTS = 4 }; /* socksify --execute FILE -- */

static const char preload[] = "LD_PRELOAD=";

/* If `library` ends in `tail`, write PREFIX/bin/socksify. */
static bool beside(char path[static PATH_MAX], const char *library, const char *tail)
{
	static const char launcher[] = "/bin/socksify";
	const size_t n = strlen(library), m = strlen(tail);

	if (n < m || strcmp(library + n - m, tail) != 0 || n - m + sizeof(launcher) > PATH_MAX)
		return false;
	memcpy(mempcpy(path, library, n - m), launcher, sizeof(launcher));
	return program_runnable(AT_FDCWD, path) == 0;
}

bool launcher_find(char path[static PATH_MAX], const char *library)
{
	return library && (beside(path, library, "/$LIB/socksify/" PRELOAD_LIBRARY) ||
			   beside(path, library, "/" LIB "/socksify/" PRELOAD_LIBRARY) || beside(path, library, "/lib/" PRELOAD_LIBRARY));
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool launcher_name(char name[static PATH_MAX], int at, const char *path)
{
	struct stat meant, named;
	char by_number[64];

	if (*path == '/' || (*path && at == AT_FDCWD))
		return snprintf(name, PATH_MAX, "%s", path) < PATH_MAX;
	snprintf(by_number, sizeof(by_number), "/proc/self/fd/%d", at);
	const ssize_t n = readlink(by_number, name, PATH_MAX);
	if (n <= 0 || (size_t)n + 1 + strlen(path) >= PATH_MAX || fstatat(at, path, &meant, AT_EMPTY_PATH))
		return false;
	name[n] = '\0';
	if (*path)
		strcpy(stpcpy(name + n, "/"), path);
	if (stat(name, &named) == 0 && is_same(&meant, &named))
		return true;
	strcpy(name, by_number); /* it is in memory, or was removed */
	return !*path;
}

/* Returns a number of at most nine digits, -1 for other text. */
static int number_of(const char *digits)
{
	int number = 0;
	size_t n = 0;

	for (; digits[n] >= '0' && digits[n] <= '9' && n < 9; n++)
		number = 10 * number + digits[n] - '0';
	return n && !digits[n] ? number : -1;
}

/* Returns the descriptor that a path names; -1 if it names none. */
static int number_in(const char *path)
{
	static const char folders[][24] = {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return number_of(path + strlen(folders[i]));
	return -1;
}

bool launcher_lend(struct launcher *l)
{
	const int number = number_in(l->file);

	l->lent = -1;
	if (number < 0 || !(sys.fcntl(number, F_GETFD) & FD_CLOEXEC))
		return true;
	l->lent = sys.fcntl(number, F_DUPFD, STDERR_FILENO + 1);
	snprintf(l->file, sizeof(l->file), LAUNCHER_LENT "%d", l->lent);
	return l->lent >= 0;
}

void launcher_take_back(const char *file)
{
	if (strncmp(file, LAUNCHER_LENT, strlen(LAUNCHER_LENT)) == 0)
		sys.fcntl(number_of(file + strlen(LAUNCHER_LENT)), F_SETFD, FD_CLOEXEC);
}

static size_t count(char *const strings[])
{
	size_t n = 0;

	while (strings && strings[n])
		n++;
	return n;
}

static const char *preload_in(char *const env[])
{
	for (; env && *env; env++)
		if (strncmp(*env, preload, strlen(preload)) == 0)
			return *env + strlen(preload);
	return "";
}

size_t launcher_bytes(char *const argv[], char *const env[])
{
	return (OWN_ARGUMENTS + count(argv) + 2 + count(env) + 2) * sizeof(char *) + sizeof(LAUNCHER_PRELOAD "=") +
	       strlen(preload_in(env));
}

static const char **add_arguments(const char **to, const char *file, char *const argv[])
{
	*to++ = "socksify";
	*to++ = "--" LAUNCHER_OPTION;
	*to++ = file;
	*to++ = "--";
	if (!argv || !argv[0])
		*to++ = ""; /* as the kernel has it */
	for (; argv && *argv; argv++)
		*to++ = *argv;
	*to++ = NULL;
	return to;
}

static const char **add_environment(const char **to, char *const env[], const char *list)
{
	*to++ = list;
	for (; env && *env; env++)
		if (strncmp(*env, preload, strlen(preload)) != 0)
			*to++ = *env;
	*to++ = NULL;
	return to;
}

void launcher_for(struct launcher *l, char *const argv[], char *const env[], void *room)
{
	const char **const first = room, **const second = add_arguments(first, l->file, argv);
	char *const list = (char *)(second + count(env) + 2);

	strcpy(stpcpy(list, LAUNCHER_PRELOAD "="), preload_in(env));
	add_environment(second, env, list);
	l->argv = (char *const *)first;
	l->env = (char *const *)second;
}
