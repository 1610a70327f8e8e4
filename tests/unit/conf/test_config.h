/* SPDX-License-Identifier: MIT */
/* A home of its own for each test of the configuration: written, loaded, compared, removed. */
#ifndef TESTS_UNIT_TEST_CONFIG_H
#define TESTS_UNIT_TEST_CONFIG_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/names/placeholder.h"
#include "core/route/decide.h"
#include "tests/unit/tap.h"

static char home[PATH_MAX];
static struct config config;
static char problems_bytes[32 * 1024], shown[32 * 1024];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void leave(void)
{
	config_free(&config);
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	home[0] = '\0';
}

static inline void enter(void)
{
	const char *const tmp = getenv("TMPDIR");

	snprintf(home, sizeof(home), "%s/socksify-unit-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(home))
		perror(home);
}

/* Write `text` to a file in the home. */
static inline void put(const char *name, int mode, const char *text, size_t n)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	for (char *slash = strchr(path + strlen(home) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n || fchmod(fd, (mode_t)mode) != 0)
		perror(path);
	close(fd);
}

static inline void ini(const char *text)
{
	put(".socksify.ini", 0600, text, strlen(text));
}

/* The problems, with "~" for the home. */
static inline const char *show(void)
{
	const size_t n = strlen(home);
	char *to = shown;

	for (const char *from = problems_bytes; *from;) {
		const bool here = n && strncmp(from, home, n) == 0;
		*to++ = here ? '~' : *from;
		from += here ? n : 1;
	}
	*to = '\0';
	return shown;
}

/* Load with up to four variables beside HOME; what is wrong, "" if nothing is. */
static inline const char *load_with(const char *a, const char *b, const char *c, const char *d)
{
	struct text problems = {.at = problems_bytes, .size = sizeof(problems_bytes)};
	char variable[PATH_MAX + 8];
	char *const environment[] = {variable, (char *)a, (char *)b, (char *)c, (char *)d, NULL};

	config_free(&config);
	problems_bytes[0] = '\0';
	snprintf(variable, sizeof(variable), "HOME=%s", home);
	env_capture(environment);
	const bool loaded = config_load(&config, &problems);
	EXPECT(loaded || problems.len);
	EXPECT(loaded || (!config.chain && !config.rules && !config.proxies && !config.arena.last));
	return show();
}

static inline const char *load(void)
{
	return load_with(NULL, NULL, NULL, NULL);
}

/* "office,tor" for a way. */
static inline const char *way(const struct route *route)
{
	static char bytes[4096];
	struct text t = {.at = bytes, .size = sizeof(bytes)};

	bytes[0] = '\0';
	if (!route)
		return "(none)";
	if (route->kind != ROUTE_CHAIN)
		return route->name;
	for (size_t i = 0; i < route->n; i++) {
		text_add(&t, "%s", i ? "," : "");
		if (route->hops[i]->name)
			text_add(&t, "%s", route->hops[i]->name);
		else
			proxy_text(route->hops[i], &t);
	}
	return bytes;
}

/* Which way "host:port" goes over TCP (by UDP with "/udp" behind it); no program is named. The error, if it does not go, is in `refused`. */
static int refused;

static inline struct verdict which_way(const char *where)
{
	const struct app app = {.config = &config};
	const size_t n = strcspn(where, "/");
	struct verdict v;
	struct addr a;

	EXPECT(addr_parse(&a, where, n, 80));
	placeholder_use(&config);
	refused = decide(&app, &a, where[n], &v);
	return v;
}

#endif
