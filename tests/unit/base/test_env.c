/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

TEST("what concerns us is remembered, and nothing else")
{
	env_capture((char *[]){"PATH=/bin", "HOME=/home/u", "SOCKSIFY_LOG=debug", "all_proxy=http://p", NULL});
	EXPECT_STR(env_get("HOME"), "/home/u");
	EXPECT_STR(env_get("SOCKSIFY_LOG"), "debug");
	EXPECT_STR(env_get("all_proxy"), "http://p");
	EXPECT(!env_get("PATH"));
	EXPECT(!env_get("ALL_PROXY"));
	EXPECT(!env_get("SOCKSIFY_LOG_FILE"));
	EXPECT(!env_get("SOCKSIFY"));
}

TEST("later changes by the program are not seen")
{
	char variable[] = "SOCKSIFY_CHAIN=tor";

	env_capture((char *[]){variable, NULL});
	strcpy(variable, "SOCKSIFY_CHAIN=dir");
	EXPECT_STR(env_get("SOCKSIFY_CHAIN"), "tor");
}

TEST("an empty value counts as not set")
{
	env_capture((char *[]){"SOCKSIFY_CHAIN=", "HOME=", NULL});
	EXPECT(!env_get("SOCKSIFY_CHAIN"));
	EXPECT(!env_get("HOME"));
}

TEST("of two with the same name the first counts")
{
	env_capture((char *[]){"SOCKSIFY_LOG=info", "SOCKSIFY_LOG=trace", "SOCKSIFY_LOG_FILE=f", NULL});
	EXPECT_STR(env_get("SOCKSIFY_LOG"), "info");
	EXPECT_STR(env_at(0), "SOCKSIFY_LOG=info");
	EXPECT_STR(env_at(1), "SOCKSIFY_LOG_FILE=f");
	EXPECT(!env_at(2));
}

TEST("the walk shows our own variables only")
{
	env_capture((char *[]){"HOME=/", "SOCKSIFY_A=1", "NO_PROXY=x", "SOCKSIFY_B=2", "SOCKSIFYX=3", NULL});
	EXPECT_STR(env_at(0), "SOCKSIFY_A=1");
	EXPECT_STR(env_at(1), "SOCKSIFY_B=2");
	EXPECT(!env_at(2));
}

TEST("a value that does not fit is noticed, and forgotten by the next capture")
{
	const size_t n = 70 * 1000;
	char *const large = malloc(n);

	memset(large, 'x', n);
	memcpy(large, "SOCKSIFY_RULES=", 15);
	large[n - 1] = '\0';
	env_capture((char *[]){"SOCKSIFY_A=1", large, NULL});
	EXPECT(env_overflowed());
	EXPECT_STR(env_get("SOCKSIFY_A"), "1");
	env_capture((char *[]){"HOME=/", NULL});
	EXPECT(!env_overflowed());
	EXPECT(!env_get("SOCKSIFY_A"));
	free(large);
}

TEST("more variables than there is room for are noticed")
{
	char names[100][32], *environment[101];

	for (int i = 0; i < 100; i++) {
		snprintf(names[i], sizeof(names[i]), "SOCKSIFY_%d=x", i);
		environment[i] = names[i];
	}
	environment[100] = NULL;
	env_capture(environment);
	EXPECT(env_overflowed());
}

TEST("no environment at all is an empty one")
{
	env_capture(NULL);
	EXPECT(!env_get("HOME"));
	EXPECT(!env_at(0));
	EXPECT(!env_overflowed());
}
