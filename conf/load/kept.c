/* SPDX-License-Identifier: MIT */
/* kept: map the file where its bytes lay, and compare what it was read from. */
#include "conf/load/kept.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/load/file.h"
#include "core/base/env.h"
#include "core/base/sys.h"

void kept_mark(char to[static 16])
{
	struct text t = {.at = to, .size = 16};

	memset(to, 0, 16);
	text_add(&t, "socksify%x", LAYOUT);
}

/* True for what the launcher adds for other ends, and what changes from run to run. */
static bool is_passed_on(const char *variable)
{
	static const char names[][16] = {KEPT_VARIABLE, "SOCKSIFY_NAMES", "SOCKSIFY_RUN", "SOCKSIFY_REPORT", "SOCKSIFY_HOPS", SYS_MARKER};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(variable, names[i]) == 0)
			return true;
	return false;
}

const char *kept_variable(int i, char to[static KEPT_NAME])
{
	static const char others[][16] = {"HOME", "XDG_CONFIG_HOME"};
	const int most = (int)(sizeof(others) / sizeof(*others));
	struct text t = {.at = to, .size = KEPT_NAME};
	int n = 0;

	to[0] = '\0';
	while (env_at(n))
		n++;
	if (i < n)
		text_add(&t, "%.*s", (int)strcspn(env_at(i), "="), env_at(i));
	else if (i < n + most)
		text_add(&t, "%s", others[i - n]);
	else if (i < n + most + ENV_COMMON)
		text_add(&t, "%s", env_common[i - n - most]);
	else
		return NULL;
	if (is_passed_on(to))
		to[0] = '\0';
	return to;
}

static bool has(const char *const *environment, const char *name, const char *value)
{
	const size_t n = strlen(name);

	while (*environment && (strncmp(*environment, name, n) != 0 || (*environment)[n] != '='))
		environment++;
	return *environment && strcmp(*environment + n + 1, value) == 0;
}

static bool is_same_environment(const char *const *environment)
{
	char name[KEPT_NAME];
	int count = 0;

	for (int i = 0; kept_variable(i, name); i++) {
		const char *const value = env_get(name);
		if (value && !has(environment, name, value))
			return false;
		count += value != NULL;
	}
	while (count && *environment)
		environment++, count--;
	return !count && !*environment;
}

static bool is_ours(int fd, const struct kept *k)
{
	char mark[16];
	struct stat st;

	kept_mark(mark);
	return memcmp(k->mark, mark, sizeof(mark)) == 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & 077) && st.st_size == (off_t)(KEPT_HEAD + k->size);
}

static bool take(struct config *c, int fd)
{
	struct kept k;

	if (pread(fd, &k, sizeof(k), 0) != sizeof(k) || !is_ours(fd, &k) || !arena_map(k.arena.last, k.size, fd, KEPT_HEAD))
		return false;
	if (is_same_environment(k.environment) && files_are_same(k.config->sources)) {
		*c = *k.config;
		return true;
	}
	arena_free(&k.arena);
	return false;
}

bool kept_take(struct config *c, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return false;
	const bool taken = take(c, fd);
	sys.close(fd);
	return taken;
}
