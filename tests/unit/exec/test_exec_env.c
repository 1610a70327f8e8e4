/* SPDX-License-Identifier: MIT */
/* exec_env: what a program that is executed finds in its environment. */
#include "core/exec/exec_env.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/env.h"
#include "tests/unit/tap.h"

#define LIBRARY "/l/libsocksify.so"

/* The environment made of `given`, in one line; "-" if nothing had to be done. */
static const char *made_with(const char *library, char *const given[])
{
	static char line[4096];
	char *const room = malloc(exec_env_bytes(given, library)), **const pointers = calloc(exec_env_most(given), sizeof(*pointers));
	struct exec_env h;

	exec_env_begin(&h, given, library, room);
	char *const *env = exec_env_make(&h, pointers);
	strcpy(line, env == given ? "-" : "");
	for (; env != given && *env; env++)
		strcat(strcat(line, *env), env[1] ? " " : "");
	free(pointers);
	free(room);
	return line;
}

static const char *made(char *const given[])
{
	return made_with(LIBRARY, given);
}

#define ENV(...) ((char *[]){__VA_ARGS__, NULL})
#define PRELOADED "LD_PRELOAD=" LIBRARY

TEST("an environment that has everything is left alone")
{
	env_capture(ENV("SOCKSIFY_PROXY=socks5://p", "HOME=/h"));
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_PROXY=socks5://p", "HOME=/h")), "-");
	EXPECT_STR(made(ENV("A=b", PRELOADED ":x.so", "HOME=/h", "SOCKSIFY_PROXY=socks5://p")), "-");
}

TEST("an empty environment, or none, gets back what there was")
{
	env_capture(ENV("SOCKSIFY_PROXY=socks5://p", "SOCKSIFY_LOG=info"));
	EXPECT_STR(made((char *[]){NULL}), PRELOADED " SOCKSIFY_PROXY=socks5://p SOCKSIFY_LOG=info");
	EXPECT_STR(made(NULL), PRELOADED " SOCKSIFY_PROXY=socks5://p SOCKSIFY_LOG=info");
}

TEST("the user's own LD_PRELOAD stays, and ours comes first unless it has a place there")
{
	env_capture(ENV("A=b"));
	EXPECT_STR(made(ENV("LD_PRELOAD=x.so y.so", "A=b")), "A=b " PRELOADED ":x.so:y.so");
	EXPECT_STR(made(ENV("LD_PRELOAD=x.so:/elsewhere/libsocksify.so")), "LD_PRELOAD=x.so:/l/libsocksify.so");
	EXPECT_STR(made(ENV("LD_PRELOAD=")), PRELOADED);
}

TEST("where ours is not to be there it is left out, and the user's own stays")
{
	env_capture(ENV("A=b"));
	EXPECT_STR(made_with(NULL, ENV("A=b", PRELOADED)), "A=b LD_PRELOAD=");
	EXPECT_STR(made_with(NULL, ENV(PRELOADED ":x.so", "A=b")), "A=b LD_PRELOAD=x.so");
	EXPECT_STR(made_with(NULL, ENV("LD_PRELOAD=x.so", "A=b")), "-");
	EXPECT_STR(made_with(NULL, ENV("A=b")), "-");
}

TEST("another way, chosen for the program, is not mixed with ours")
{
	env_capture(ENV("SOCKSIFY_PROXY=socks5://p", "SOCKSIFY_RULES=:25=block", "SOCKSIFY_UDP=block"));
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_CHAIN=tor")), PRELOADED " SOCKSIFY_CHAIN=tor SOCKSIFY_UDP=block");
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_PROXY=http://q")), PRELOADED " SOCKSIFY_PROXY=http://q SOCKSIFY_UDP=block");
}

TEST("a setting that does not concern the way may be changed for a program")
{
	env_capture(ENV("SOCKSIFY_PROXY=socks5://p", "SOCKSIFY_LOG=info"));
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_LOG=trace")), PRELOADED " SOCKSIFY_LOG=trace SOCKSIFY_PROXY=socks5://p");
}

TEST("ALL_PROXY comes back where it is the way, and only there")
{
	env_capture(ENV("ALL_PROXY=socks5://p", "no_proxy=.lan", "SOCKSIFY_LOG=info"));
	EXPECT_STR(made(ENV(PRELOADED, "ALL_PROXY=", "SOCKSIFY_LOG=info")),
		   PRELOADED " SOCKSIFY_LOG=info ALL_PROXY=socks5://p no_proxy=.lan");
	env_capture(ENV("ALL_PROXY=socks5://p", "SOCKSIFY_PROXY=socks5://q"));
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_PROXY=socks5://q")), "-");
}

TEST("a configuration found through HOME is found by a program with another home")
{
	char top[] = "/tmp/socksify-unit-XXXXXX", home[64], file[64], want[256];

	EXPECT(mkdtemp(top) != NULL);
	snprintf(home, sizeof(home), "HOME=%s", top);
	snprintf(file, sizeof(file), "%s/.socksify.ini", top);
	fclose(fopen(file, "w"));
	env_capture(ENV(home));
	snprintf(want, sizeof(want), PRELOADED " HOME=/x SOCKSIFY_CONFIG=%s", file);
	EXPECT_STR(made(ENV(PRELOADED, "HOME=/x")), want);
	snprintf(want, sizeof(want), PRELOADED " SOCKSIFY_CONFIG=%s", file);
	EXPECT_STR(made(ENV(PRELOADED)), want);
	EXPECT_STR(made(ENV(PRELOADED, home)), "-");
	remove(file);
	remove(top);
}

TEST("the table of names is handed on without XDG_RUNTIME_DIR being forced on the program")
{
	env_capture(ENV("XDG_RUNTIME_DIR=/run/user/7"));
	EXPECT_STR(made(ENV(PRELOADED)), PRELOADED " SOCKSIFY_NAMES=/run/user/7/socksify");
	EXPECT_STR(made(ENV(PRELOADED, "XDG_RUNTIME_DIR=/run/user/7")), "-");
	env_capture(ENV("XDG_RUNTIME_DIR=/run/user/7", "SOCKSIFY_NAMES=/n"));
	EXPECT_STR(made(ENV(PRELOADED)), PRELOADED " SOCKSIFY_NAMES=/n");
}

TEST("the marker of the guard above is handed on, in place of another's")
{
	env_capture(ENV("SOCKSIFY_MARKER=0123abcd"));
	EXPECT_STR(made(ENV(PRELOADED)), PRELOADED " SOCKSIFY_MARKER=0123abcd");
	EXPECT_STR(made(ENV(PRELOADED, "SOCKSIFY_MARKER=0123abcd")), "-");
	EXPECT_STR(made(ENV("SOCKSIFY_MARKER=ffff0000", PRELOADED)), PRELOADED " SOCKSIFY_MARKER=0123abcd");
}

TEST("of two variables of one name neither survives a replacement")
{
	env_capture(ENV("A=b"));
	EXPECT_STR(made(ENV("LD_PRELOAD=a.so", "B=c", "LD_PRELOAD=b.so")), "B=c " PRELOADED ":a.so");
	EXPECT_STR(made(ENV(PRELOADED, "B=c", "LD_PRELOAD=b.so")), "B=c " PRELOADED);
}
