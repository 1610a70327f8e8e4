/* SPDX-License-Identifier: MIT */
/* preload: how LD_PRELOAD says where the library is. */
#include "core/exec/preload_list.h"

#include "tests/unit/tap.h"

static const char *joined(const char *others)
{
	static char bytes[256];
	struct text t = {.at = bytes, .size = sizeof(bytes)};

	preload_list_join(&t, "/l/libsocksify.so", others);
	return bytes;
}

TEST("our library stands in front of what LD_PRELOAD has")
{
	EXPECT_STR(joined(NULL), "/l/libsocksify.so");
	EXPECT_STR(joined(""), "/l/libsocksify.so");
	EXPECT_STR(joined("libfaketime.so /x/y.so"), "/l/libsocksify.so:libfaketime.so:/x/y.so");
}

TEST("our library stays where it stands, once, under the path that it has now")
{
	EXPECT_STR(joined("/l/libsocksify.so"), "/l/libsocksify.so");
	EXPECT_STR(joined("a.so:/other/$LIB/socksify/libsocksify.so b.so"), "a.so:/l/libsocksify.so:b.so");
	EXPECT_STR(joined("a.so libsocksify.so b.so:/l/libsocksify.so"), "a.so:/l/libsocksify.so:b.so");
	EXPECT_STR(joined("/l/notlibsocksify.so"), "/l/libsocksify.so:/l/notlibsocksify.so");
}

TEST("AddressSanitizer's runtime stays in front of our library")
{
	EXPECT_STR(joined("libasan.so.8"), "libasan.so.8:/l/libsocksify.so");
	EXPECT_STR(joined("/x/libclang_rt.asan-x86_64.so:a.so"), "/x/libclang_rt.asan-x86_64.so:/l/libsocksify.so:a.so");
	EXPECT_STR(joined("/x/libasan.so/a.so"), "/l/libsocksify.so:/x/libasan.so/a.so");
}

TEST("our library leaves the others as they are")
{
	const char *const lists[][2] = {
		{NULL, ""}, {"/l/libsocksify.so", ""}, {"a.so /l/libsocksify.so:b.so libsocksify.so", "a.so:b.so"}, {"a.so", "a.so"}};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		TEXT(left, 64);
		preload_list_leave(&left, lists[i][0]);
		EXPECT_STR(left.at, lists[i][1]);
	}
}

/* Our entry in `list`. */
static const char *ours(const char *list)
{
	static char bytes[256];
	size_t n;
	const char *entry = preload_list_ours(list, &n);

	snprintf(bytes, sizeof(bytes), "%.*s", entry ? (int)n : 1, entry ? entry : "-");
	return bytes;
}

TEST("an LD_PRELOAD with our library in it is recognised")
{
	EXPECT_STR(ours("a.so:/l/libsocksify.so b.so"), "/l/libsocksify.so");
	EXPECT_STR(ours("libsocksify.so"), "libsocksify.so");
	EXPECT_STR(ours("a.so /l/libsocksify.so.old"), "-");
	EXPECT_STR(ours(NULL), "-");
}
