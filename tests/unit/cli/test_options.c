/* SPDX-License-Identifier: MIT */
/* options: what each flag makes of the environment. */
#include "cli/help.c"
#include "cli/option_table.c"
#include "cli/options.c"
#include "cli/settings.c"
#include "tests/unit/tap.h"

#include <stdarg.h>

static char said[512]; /* the last complaint */

void mistakes_typed(const char *source, const char *flag)
{
	(void)source, (void)flag;
}

bool secrets_wipe(char *argument)
{
	return strstr(argument, ":secret@");
}

bool given_is_stream(const char *file)
{
	return strcmp(file, "-") == 0;
}

bool given_copy(const char *file, struct text *path)
{
	text_add(path, "/run/copy-of%s", file);
	return true;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said, sizeof(said), format, args);
	va_end(args);
}

#define LINE(...) ((char *[]){(char *)"socksify", __VA_ARGS__, NULL})

static struct options o;
static const char *const ours[] = {"CONFIG", "CHAIN", "PROXY", "RULES", "LOG", "LOG_FILE", "TIMEOUT"};

static bool parse_here(char *argv[])
{
	static char *kept[8]; /* the command is a part of it */

	for (size_t i = 0; i == 0 || argv[i - 1]; i++)
		kept[i] = argv[i];
	free(o.proxies);
	free(o.rules);
	return options_parse(&o, kept);
}

static void forget(void)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		TEXT(name, 64);
		text_add(&name, "SOCKSIFY_%s", ours[i]);
		unsetenv(name.at);
	}
}

/* Parse in an environment without any of our variables. */
static bool parse(char *argv[])
{
	forget();
	return parse_here(argv);
}

/* Parse in an environment with one of them. */
static bool parse_in(const char *variable, const char *value, char *argv[])
{
	forget();
	setenv(variable, value, 1);
	return parse_here(argv);
}

TEST("the first word that is no option begins the command, whose own options are left alone")
{
	EXPECT(parse(LINE("-q", "curl", "-v", "--help")));
	EXPECT_STR(o.command[0], "curl");
	EXPECT_STR(o.command[1], "-v");
	EXPECT_STR(o.command[2], "--help");
	EXPECT_INT(o.verb, VERB_RUN);
}

TEST("a configuration from standard input is read from its copy")
{
	EXPECT(parse(LINE("-f", "-", "x")));
	EXPECT_STR(getenv("SOCKSIFY_CONFIG"), "/run/copy-of-");
}

TEST("a list of URLs is not one proxy")
{
	EXPECT(!parse(LINE("-x", "socks5://a,socks5://b", "x")));
	EXPECT_STR(said, "'-x' takes one proxy; a chain has a '-x' for each hop, in their order");
}

TEST("-- ends the options")
{
	EXPECT(parse(LINE("-q", "--", "-x")));
	EXPECT_STR(o.command[0], "-x");
}

TEST("a value stands behind its option, attached or as the next word")
{
	EXPECT(parse(LINE("-c", "a", "x")));
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "a");
	EXPECT(parse(LINE("-ca", "x")));
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "a");
	EXPECT(parse(LINE("--chain=a", "x")));
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "a");
	EXPECT(parse(LINE("--chain", "a", "x")));
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "a");
	EXPECT_STR(o.command[0], "x");
}

TEST("short options can stand together, the last with its value")
{
	EXPECT(parse(LINE("-vvca", "x")));
	EXPECT_STR(getenv("SOCKSIFY_LOG"), "debug");
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "a");
}

TEST("-v, -vv, -vvv and -q set the log level")
{
	EXPECT(parse(LINE("-v", "x")));
	EXPECT_STR(getenv("SOCKSIFY_LOG"), "info");
	EXPECT(parse(LINE("-v", "-v", "x")));
	EXPECT_STR(getenv("SOCKSIFY_LOG"), "debug");
	EXPECT(parse(LINE("-vvvv", "x")));
	EXPECT_STR(getenv("SOCKSIFY_LOG"), "trace");
	EXPECT(parse(LINE("-q", "x")));
	EXPECT_STR(getenv("SOCKSIFY_LOG"), "silent");
}

TEST("-x repeats into a chain, and a comma in a password is encoded")
{
	EXPECT(parse(LINE("-x", "socks5://a", "-x", "http://u:p,q@b", "x")));
	EXPECT_STR(getenv("SOCKSIFY_PROXY"), "socks5://a,http://u:p%2Cq@b");
}

TEST("-x takes the place of --chain and of the environment's chain")
{
	EXPECT(parse(LINE("-x", "socks5://a", "-c", "b", "x")));
	EXPECT(!getenv("SOCKSIFY_CHAIN"));
	EXPECT_STR(getenv("SOCKSIFY_PROXY"), "socks5://a");
	EXPECT(parse_in("SOCKSIFY_CHAIN", "b", LINE("-x", "socks5://a", "x")));
	EXPECT(!getenv("SOCKSIFY_CHAIN"));
}

TEST("--chain takes the place of the environment's proxies")
{
	EXPECT(parse_in("SOCKSIFY_PROXY", "socks5://a", LINE("-c", "b", "x")));
	EXPECT(!getenv("SOCKSIFY_PROXY"));
	EXPECT_STR(getenv("SOCKSIFY_CHAIN"), "b");
}

TEST("-r rules come in order, ahead of the environment's")
{
	EXPECT(parse_in("SOCKSIFY_RULES", "c=block", LINE("-r", "a=direct", "--rule=b=block", "x")));
	EXPECT_STR(getenv("SOCKSIFY_RULES"), "a=direct;b=block;c=block");
}

TEST("-o sets any key of [socksify], and no other")
{
	EXPECT(parse(LINE("-o", "timeout=3s", "x")));
	EXPECT_STR(getenv("SOCKSIFY_TIMEOUT"), "3s");
	EXPECT(!parse(LINE("-o", "tiemout=3s", "x")));
	EXPECT(!parse(LINE("-o", "include=/etc/x", "x")));
	EXPECT(!parse(LINE("-o", "url=socks5://a", "x")));
	EXPECT(!parse(LINE("-o", "timeout", "x")));
	EXPECT(!parse(LINE("-o", "=3s", "x")));
}

TEST("an unknown word names the one that was meant")
{
	EXPECT(!parse(LINE("-o", "tiemout=3s", "x")));
	EXPECT_STR(said, "'-o' knows no key 'tiemout'; did you mean 'timeout'?");
	EXPECT(!parse(LINE("--porxy=socks5://a", "x")));
	EXPECT_STR(said, "unknown option '--porxy'; did you mean '--proxy'?");
}

TEST("file names become absolute, from flags and environment alike")
{
	char want[PATH_MAX + 8];

	EXPECT(chdir("/usr") == 0);
	EXPECT(parse(LINE("-f", "a.ini", "--log", "/tmp/log", "x")));
	snprintf(want, sizeof(want), "/usr/%s", "a.ini");
	EXPECT_STR(getenv("SOCKSIFY_CONFIG"), want);
	EXPECT_STR(getenv("SOCKSIFY_LOG_FILE"), "/tmp/log");
	EXPECT(parse_in("SOCKSIFY_CONFIG", "b.ini", LINE("x")));
	EXPECT_STR(getenv("SOCKSIFY_CONFIG"), "/usr/b.ini");
}

TEST("--check takes its name only if there is one")
{
	EXPECT(parse(LINE("--check")));
	EXPECT_INT(o.verb, VERB_CHECK);
	EXPECT(!o.argument);
	EXPECT(parse(LINE("--check", "tor")));
	EXPECT_STR(o.argument, "tor");
	EXPECT(parse(LINE("--check=tor")));
	EXPECT_STR(o.argument, "tor");
	EXPECT(parse(LINE("--check", "-q")));
	EXPECT(!o.argument);
	EXPECT(parse(LINE("--json", "--check", "tor", "example.com:443")));
	EXPECT(o.json);
	EXPECT_STR(o.argument, "tor");
	EXPECT_STR(o.second, "example.com:443");
}

TEST("bad usage is refused")
{
	EXPECT(!parse(LINE("--porxy", "socks5://a", "x")));
	EXPECT(!parse(LINE("-Z", "x")));
	EXPECT(!parse(LINE("-x")));
	EXPECT(!parse(LINE("--proxy=", "x")));
	EXPECT(!parse(LINE("--unsafe=yes", "x")));
	EXPECT(!parse(LINE("-q")));
	EXPECT(!parse(LINE("--explain")));
	EXPECT(!parse(LINE("--check", "a", "b:1", "curl")));
	EXPECT(!parse(LINE("--check", "--explain", "a")));
}

TEST("the command of --doctor is all that follows")
{
	EXPECT(parse(LINE("--json", "--doctor", "sudo", "apt", "--help")));
	EXPECT_INT(o.verb, VERB_DOCTOR);
	EXPECT(o.json);
	EXPECT_STR(o.command[0], "sudo");
	EXPECT_STR(o.command[2], "--help");
	EXPECT(parse(LINE("--doctor=curl")));
	EXPECT_STR(o.command[0], "curl");
	EXPECT(!o.command[1]);
}

TEST("every row of the table is in --help, unless another speaks of it")
{
	char bytes[8192] = "";
	FILE *to = fmemopen(bytes, sizeof(bytes), "w");

	help_print(to);
	fclose(to);
	EACH_OPTION(row)
		EXPECT((row->left && !*row->left) || strstr(bytes, row->help));
}
