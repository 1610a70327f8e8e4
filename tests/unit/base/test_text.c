/* SPDX-License-Identifier: MIT */
#include "core/base/text.h"
#include "tests/unit/tap.h"

TEST("a text starts empty and grows by what is added")
{
	TEXT(t, 32);

	EXPECT_STR(t.at, "");
	text_add(&t, "%s:%d", "host", 80);
	text_add(&t, "/%.*s", 2, "udp");
	EXPECT_STR(t.at, "host:80/ud");
	EXPECT_INT(t.len, 10);
	EXPECT(!t.cut);
}

TEST("what fits exactly is not cut")
{
	TEXT(t, 5);

	text_add(&t, "abcd");
	EXPECT_STR(t.at, "abcd");
	EXPECT(!t.cut);
}

TEST("what does not fit is cut, remembered, and still NUL-terminated")
{
	TEXT(t, 5);

	text_add(&t, "abc");
	text_add(&t, "def");
	EXPECT_STR(t.at, "abcd");
	EXPECT_INT(t.len, 4);
	EXPECT(t.cut);
	text_add(&t, "g");
	EXPECT_STR(t.at, "abcd");
}
