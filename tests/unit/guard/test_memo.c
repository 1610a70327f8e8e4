/* SPDX-License-Identifier: MIT */
/* memo: what is remembered of sockets, and forgotten. */
#include "cli/guard/stream/memo.c"

#include "tests/unit/tap.h"

TEST("what was remembered of a socket is found by its cookie, and of no other")
{
	memo_make(7)->error = 111;
	EXPECT(memo_find(7) && memo_find(7)->error == 111);
	EXPECT(!memo_find(8));
	EXPECT(!memo_find(7 + MEMOS));
}

TEST("a new memo of a socket begins empty")
{
	memo_make(9)->news = true;
	EXPECT(!memo_make(9)->news);
}

TEST("what is dropped is not found, and dropping what is not there harms nobody")
{
	memo_make(10)->error = 1;
	memo_drop(10 + MEMOS);
	EXPECT(memo_find(10));
	memo_drop(10);
	EXPECT(!memo_find(10));
}

TEST("as many sockets as there is room for are remembered; then the oldest is forgotten")
{
	for (uint64_t cookie = 1000; cookie < 1000 + MEMOS; cookie++)
		memo_make(cookie)->error = 5;
	EXPECT(memo_find(1000));
	memo_make(1000 + MEMOS);
	EXPECT(!memo_find(1000));
	EXPECT(memo_find(1001));
}

TEST("a socket without a cookie is never found")
{
	EXPECT(!memo_find(0));
}
