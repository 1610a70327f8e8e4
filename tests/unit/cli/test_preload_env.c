/* SPDX-License-Identifier: MIT */
/* preload_env: where the library is. */
#include "cli/run/preload_env.c"
#include "tests/unit/tap.h"

#include <sys/stat.h>

static char top[64];

/* An empty file at `path` below `top`, and the directories above it. */
static void touch(const char *path)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s", top, path);
	for (char *at = whole + strlen(top) + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = '\0';
		mkdir(whole, 0700);
	}
	fclose(fopen(whole, "w"));
}

static void begin(void)
{
	strcpy(top, "/tmp/socksify-unit-XXXXXX");
	EXPECT(mkdtemp(top) != NULL);
}

static void end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	EXPECT(system(command) == 0);
}

/* The library of a program at `exe` below `top`, with `top` written as T; the problem, if there is none. */
static const char *library_of(const char *exe)
{
	static char answer[PATH_MAX];
	TEXT(library, PATH_MAX);
	TEXT(problem, 4 * PATH_MAX);
	char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s", top, exe);
	if (!preload_env_library_of(whole, &library, &problem))
		return strcpy(answer, "none");
	snprintf(answer, sizeof(answer), "T%s", library.at + strlen(top));
	return answer;
}

TEST("in a build tree the library lies in lib, beside bin")
{
	begin();
	touch("lib/libsocksify.so");
	EXPECT_STR(library_of("bin/socksify"), "T/lib/libsocksify.so");
	end();
}

TEST("an installed library is named by $LIB, so that each architecture finds its own")
{
	begin();
	touch(LIB "/socksify/libsocksify.so");
	EXPECT_STR(library_of("bin/socksify"), "T/$LIB/socksify/libsocksify.so");
	end();
}

TEST("a library that is not there is a problem")
{
	begin();
	EXPECT_STR(library_of("bin/socksify"), "none");
	end();
}

TEST("a path that LD_PRELOAD cannot say is a problem")
{
	static const char *const bad[] = {"a b", "a:b", "$LIB"};

	begin();
	for (size_t i = 0; i < 3; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/lib/libsocksify.so", bad[i]);
		touch(path);
		snprintf(path, sizeof(path), "%s/bin/socksify", bad[i]);
		EXPECT_STR(library_of(path), "none");
	}
	end();
}
