/* preload: how LD_PRELOAD says where the library is. */
#include "core/exec/preload_list.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tap.h"

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

TEST("our library is not added twice")
{
	EXPECT_STR(joined("/l/libsocksify.so"), "/l/libsocksify.so");
	EXPECT_STR(joined("a.so:/other/$LIB/socksify/libsocksify.so b.so"), "/l/libsocksify.so:a.so:b.so");
	EXPECT_STR(joined("/l/notlibsocksify.so"), "/l/libsocksify.so:/l/notlibsocksify.so");
}

TEST("an LD_PRELOAD with our library in it is recognised")
{
	EXPECT(preload_list_has_ours("a.so:/l/libsocksify.so"));
	EXPECT(preload_list_has_ours("libsocksify.so"));
	EXPECT(!preload_list_has_ours("a.so /l/libsocksify.so.old"));
	EXPECT(!preload_list_has_ours(NULL));
}

/* What is remembered of the LD_PRELOAD `list`. */
static const char *captured(const char *list)
{
	char variable[256];

	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", list);
	preload_list_capture((char *[]){"A=b", variable, NULL});
	return preload_list_captured();
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
	preload_list_capture((char *[]){"A=b", NULL});
	EXPECT(preload_list_captured() && preload_list_captured()[0] == '/');
	EXPECT(strstr(preload_list_captured(), "test_preload") != NULL);
}

TEST("SOCKSIFY_UNSAFE is a yes unless it says no")
{
	env_capture((char *[]){"SOCKSIFY_UNSAFE=yes", NULL});
	EXPECT(program_unsafe());
	env_capture((char *[]){"SOCKSIFY_UNSAFE=no", NULL});
	EXPECT(!program_unsafe());
	env_capture((char *[]){NULL});
	EXPECT(!program_unsafe());
}
