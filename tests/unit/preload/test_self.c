/* SPDX-License-Identifier: MIT */
/* self: what is remembered of how LD_PRELOAD names the library. */
#include "self.h"

#include <unistd.h>

#include "tests/unit/tap.h"

/* What is remembered of the LD_PRELOAD `list`. */
static const char *captured(const char *list)
{
	char variable[256];

	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", list);
	self_capture((char *[]){"A=b", variable, NULL});
	return self_library();
}

TEST("the library's own entry is remembered as it was written")
{
	EXPECT_STR(captured("/l/libsocksify.so"), "/l/libsocksify.so");
	EXPECT_STR(captured("a.so /usr/$LIB/socksify/libsocksify.so:b.so"), "/usr/$LIB/socksify/libsocksify.so");
	EXPECT_STR(captured("$ORIGIN/libsocksify.so"), "$ORIGIN/libsocksify.so");
}

TEST("a relative entry is remembered with the directory it is relative to")
{
	EXPECT(chdir("/usr") == 0);
	EXPECT_STR(captured("lib/libsocksify.so"), "/usr/lib/libsocksify.so");
	EXPECT(chdir("/") == 0);
}

TEST("without an entry the dynamic linker knows where we are")
{
	self_capture((char *[]){"A=b", NULL});
	EXPECT(self_library() && self_library()[0] == '/');
	EXPECT(strstr(self_library(), "test_self") != NULL);
}
