/* SPDX-License-Identifier: MIT */
#include "test_config.h"

#define P "[proxy p]\nurl = socks5://h\n"
#define HOST_MEANT ": an address, ADDRESS/BITS, a name, *.DOMAIN or * was meant"

static const char *load_env(const char *a, const char *b)
{
	return load_with(a, b, NULL, NULL);
}

/* Tests of life without any file mean nothing where the machine has one. */
static bool machine_has_one(void)
{
	return access("/etc/socksify.ini", F_OK) == 0;
}

TEST("environment beats file")
{
	enter();
	ini("[socksify]\nchain = p\ntimeout = 1s\nudp = block\n" P);
	EXPECT_STR(load_with("SOCKSIFY_CHAIN=direct", "SOCKSIFY_TIMEOUT=2s", "SOCKSIFY_LOG=debug", "SOCKSIFY_LOG_FILE=~/log"), "");
	EXPECT_STR(way(config.chain), "direct");
	EXPECT_INT(config.timeout_ms, 2000);
	EXPECT_INT(config.udp, UDP_BLOCK);
	EXPECT_INT(config.log, LOG_DEBUG);
	EXPECT_STR(config.log_file + strlen(home), "/log");
	EXPECT_STR(load_env("SOCKSIFY_UDP=proxy", "SOCKSIFY_PLACEHOLDER_IPV4=10.0.0.0/8"), "");
	EXPECT_INT(config.udp, UDP_PROXY);
	EXPECT_INT(config.placeholder_ipv4_prefix, 8);
	leave();
}

TEST("an empty variable counts as not set")
{
	enter();
	ini("[socksify]\nchain = direct\n");
	EXPECT_STR(load_with("SOCKSIFY_CHAIN=", "SOCKSIFY_NONSENSE=", "SOCKSIFY_PROXY=", "SOCKSIFY_CONFIG="), "");
	EXPECT_STR(way(config.chain), "direct");
	leave();
}

TEST("each mistake in the environment has its own message, with its variable")
{
	static const char *const cases[][2] = {
		{"SOCKSIFY_TIMEOUT=5x", "SOCKSIFY_TIMEOUT: bad duration '5x': ms, s or m was meant\n"},
		{"SOCKSIFY_CHAIN=q", "SOCKSIFY_CHAIN: unknown chain or proxy 'q'\n"},
		{"SOCKSIFY_LOG=inof", "SOCKSIFY_LOG: bad log 'inof'; did you mean 'info'?\n"},
		{"SOCKSIFY_FOO=1", "SOCKSIFY_FOO: unknown variable\n"},
		{"SOCKSIFY_CHIAN=p", "SOCKSIFY_CHIAN: unknown variable; did you mean 'SOCKSIFY_CHAIN'?\n"},
		{"SOCKSIFY_chain=p", "SOCKSIFY_chain: unknown variable; did you mean 'SOCKSIFY_CHAIN'?\n"},
		{"SOCKSIFY_PROXIES=p", "SOCKSIFY_PROXIES: unknown variable\n"},
		{"SOCKSIFY_RULE=p", "SOCKSIFY_RULE: unknown variable; did you mean 'SOCKSIFY_RULES'?\n"},
		{"SOCKSIFY_URL=p", "SOCKSIFY_URL: unknown variable\n"},
		{"SOCKSIFY_=p", "SOCKSIFY_: unknown variable\n"},
		{"SOCKSIFY_INCLUDE=/etc/x", "SOCKSIFY_INCLUDE: 'include' works in a file only\n"},
		{"SOCKSIFY_PROXY=h:1080", "SOCKSIFY_PROXY: a proxy is written SCHEME://HOST:PORT, as in socks5://h:1080\n"},
		{"SOCKSIFY_PROXY=u:SECRET@h:1080",
		 "SOCKSIFY_PROXY: a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080\n"},
		{"SOCKSIFY_PROXY=socks5://h,,socks5://i",
		 "SOCKSIFY_PROXY: a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080\n"},
		{"SOCKSIFY_PROXY=socks5://u:SECRET@h:0", "SOCKSIFY_PROXY: bad port after 'h': 1 to 65535 was meant\n"},
		{"SOCKSIFY_PROXY=socks5://h,socks5+unix:///x", "SOCKSIFY_PROXY: a unix socket can only be the first hop\n"},
		{"SOCKSIFY_PROXY=socks5://h,https://x", "SOCKSIFY_PROXY: https:// can only be the first hop\n"},
		{"SOCKSIFY_PROXY=socks5://h,ssh://x",
		 "SOCKSIFY_PROXY: ssh:// can only be the first hop; ssh itself goes through several machines by ProxyJump\n"},
		{"SOCKSIFY_RULES=10.0.0.0/8", "SOCKSIFY_RULES: '10.0.0.0/8': a rule is written PATTERN=VIA\n"},
		{"SOCKSIFY_RULES=a=pp", "SOCKSIFY_RULES: 'a=pp': unknown chain or proxy 'pp'\n"},
		{"SOCKSIFY_RULES=a=blok", "SOCKSIFY_RULES: 'a=blok': unknown chain or proxy 'blok'; did you mean 'block'?\n"},
		{"SOCKSIFY_RULES==p", "SOCKSIFY_RULES: '=p': a pattern is missing\n"},
		{"SOCKSIFY_RULES=a=", "SOCKSIFY_RULES: 'a=': unknown chain or proxy ''\n"},
		{"SOCKSIFY_RULES=10.*=p", "SOCKSIFY_RULES: '10.*=p': bad host '10.*'" HOST_MEANT "\n"},
		{"SOCKSIFY_RULES=a:0=p", "SOCKSIFY_RULES: 'a:0=p': bad port '0': 1 to 65535 or FIRST-LAST was meant\n"},
		{"SOCKSIFY_RULES=a=p;b:x=p;c=q",
		 "SOCKSIFY_RULES: 'b:x=p': bad port 'x': 1 to 65535 or FIRST-LAST was meant\n"
		 "SOCKSIFY_RULES: 'c=q': unknown chain or proxy 'q'\n"},
	};

	enter();
	ini("[socksify]\nchain = p\n" P);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		EXPECT_STR(load_env(cases[i][0], NULL), cases[i][1]);
	leave();
}

TEST("URLs on the command line take the place of `chain`, with the file's rules")
{
	enter();
	ini("[socksify]\nchain = direct\n" P "[rule r]\nhost = corp\nvia = p\n");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=socks5://u:x@a:1, http://b:2", "SOCKSIFY_CHAIN=p"), "");
	EXPECT_STR(way(config.chain), "socks5://u@a:1,http://b:2");
	EXPECT_STR(config.chain->name, "command line");
	EXPECT_STR(way(which_way("corp").route), "p");
	EXPECT_STR(config.proxies->name, "p");
	EXPECT(!config.proxies->next->name);
	leave();
}

TEST("URLs on the command line need no file, and leave ALL_PROXY and NO_PROXY alone")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load_with("SOCKSIFY_PROXY=socks4a://a", "ALL_PROXY=http://b", "NO_PROXY=*", NULL), "");
	EXPECT_STR(way(config.chain), "socks4a://a:1080");
	EXPECT_STR(config.source, "command line");
	EXPECT(!config.rules);
	leave();
}

TEST("`chain` on the command line may be direct or block without any file")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load_env("SOCKSIFY_CHAIN=direct", "SOCKSIFY_RULES=:25=block"), "");
	EXPECT_STR(way(config.chain), "direct");
	EXPECT_STR(way(which_way("h:25").route), "block");
	EXPECT_STR(load_env("SOCKSIFY_CHAIN=tor", NULL), "SOCKSIFY_CHAIN: unknown chain or proxy 'tor'\n");
	leave();
}

TEST("rules on the command line come before the file's")
{
	enter();
	ini("[socksify]\nchain = p\n" P "[rule r]\nhost = corp\nvia = p\n");
	EXPECT_STR(load_env("SOCKSIFY_RULES= corp = direct ;10.0.0.0/8=direct;;*.onion=p;:25=block;", NULL), "");
	EXPECT_STR(way(which_way("corp").route), "direct");
	EXPECT_STR(which_way("corp").rule->name, "corp = direct");
	EXPECT_STR(which_way("corp").rule->file, "command line");
	EXPECT_INT(which_way("corp").rule->line, 0);
	EXPECT_STR(way(which_way("10.1.2.3").route), "direct");
	EXPECT_STR(way(which_way("other:25").route), "block");
	EXPECT_STR(way(which_way("other:26").route), "p");
	leave();
}

TEST("a pattern on the command line is a host, a port, or both")
{
	static const struct {
		const char *rule, *yes, *no;
	} cases[] = {
		{"SOCKSIFY_RULES=h=block", "h:1", "i:1"},
		{"SOCKSIFY_RULES=h:22=block", "h:22", "h:23"},
		{"SOCKSIFY_RULES=h:20-29=block", "h:29", "h:30"},
		{"SOCKSIFY_RULES=:25=block", "x:25", "x:26"},
		{"SOCKSIFY_RULES=:20-29=block", "[2001:db8::1]:20", "x:19"},
		{"SOCKSIFY_RULES=*:25=block", "192.0.2.1:25", "192.0.2.1:26"},
		{"SOCKSIFY_RULES=10.0.0.0/8:22=block", "10.0.0.1:22", "10.0.0.1:23"},
		{"SOCKSIFY_RULES=2001:db8::1=block", "[2001:db8::1]:5", "[2001:db8::2]:5"},
		{"SOCKSIFY_RULES=fd00::/8=block", "[fd12::1]:5", "[fc00::1]:5"},
		{"SOCKSIFY_RULES=[2001:db8::1]=block", "[2001:db8::1]:5", "[2001:db8::2]:5"},
		{"SOCKSIFY_RULES=[2001:db8::1]:22=block", "[2001:db8::1]:22", "[2001:db8::1]:23"},
		{"SOCKSIFY_RULES=[fd00::]/8:22=block", "[fd12::1]:22", "[fd12::1]:23"},
	};

	enter();
	ini("[socksify]\nchain = direct\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		EXPECT_STR(load_env(cases[i].rule, NULL), "");
		if (!config.chain)
			continue;
		EXPECT_STR(way(which_way(cases[i].yes).route), "block");
		EXPECT_STR(way(which_way(cases[i].no).route), "direct");
	}
	leave();
}

TEST("without a file ALL_PROXY is the chain, also in lower case and as a bare host and port")
{
	static const char *const cases[][2] = {
		{"ALL_PROXY=socks5h://h:9050", "socks5://h:9050"}, {"all_proxy=socks4://h", "socks4://h:1080"},
		{"ALL_PROXY=gw:3128", "http://gw:3128"},           {"ALL_PROXY=gw", "http://gw:8080"},
		{"all_proxy=u:p@gw:3128/", "http://u@gw:3128"},
	};

	if (machine_has_one())
		return;
	enter();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		EXPECT_STR(load_env(cases[i][0], NULL), "");
		EXPECT_STR(way(config.chain), cases[i][1]);
		const size_t variable = strcspn(cases[i][0], "=");
		EXPECT(strlen(config.source) == variable && strncmp(config.source, cases[i][0], variable) == 0);
		EXPECT_STR(config.chain->name, config.source);
	}
	EXPECT_STR(load_env("all_proxy=http://small", "ALL_PROXY=http://large"), "");
	EXPECT_STR(way(config.chain), "http://large:8080");
	leave();
}

TEST("without ALL_PROXY, HTTPS_PROXY and http_proxy serve like it; HTTP_PROXY, which a web server's client may set, does not")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load_with("http_proxy=http://b", "HTTPS_PROXY=http://a", "no_proxy=x", NULL), "");
	EXPECT_STR(way(config.chain), "http://a:8080");
	EXPECT_STR(way(which_way("y.x").route), "direct");
	EXPECT_STR(load_env("http_proxy=gw:3128", NULL), "");
	EXPECT_STR(way(config.chain), "http://gw:3128");
	EXPECT_STR(load_env("http_proxy=http://b", "all_proxy=http://a"), "");
	EXPECT_STR(way(config.chain), "http://a:8080");
	load_env("HTTP_PROXY=http://b", NULL);
	EXPECT(!config.chain);
	leave();
}

TEST("a proxy with a name on the command line is no hop, but one that rules and `chain` may name")
{
	enter();
	ini("[socksify]\nchain = p\n[proxy p]\nurl = socks5://h\n");
	EXPECT_STR(load_with("SOCKSIFY_PROXY=q=socks5://u:x=y@i", "SOCKSIFY_RULES=a=q", NULL, NULL), "");
	EXPECT_STR(way(config.chain), "p");
	EXPECT_STR(way(which_way("a").route), "q");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=q=socks5://i", "SOCKSIFY_CHAIN=q"), "");
	EXPECT_STR(way(config.chain), "q");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=q=socks5://i,http://j", NULL), "");
	EXPECT_STR(way(config.chain), "http://j:8080");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=p=socks5://i", NULL), "SOCKSIFY_PROXY: there is another 'p' already\n");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=direct=socks5://i", NULL), "SOCKSIFY_PROXY: there is another 'direct' already\n");
	EXPECT_STR(load_env("SOCKSIFY_PROXY=a b=socks5://i", NULL),
		   "SOCKSIFY_PROXY: bad name 'a b': letters, digits, '.', '_' and '-' make a name\n");
	leave();
}

TEST("a rule on the command line may name a proxy by its URL, and is shown without its password")
{
	enter();
	ini("[socksify]\nchain = direct\n");
	EXPECT_STR(load_env("SOCKSIFY_RULES=*.a=socks5://u:SECRET=@h;:25=http://i", NULL), "");
	EXPECT_STR(way(which_way("x.a").route), "socks5://u@h:1080");
	EXPECT_STR(which_way("x.a").rule->name, "*.a=socks5://u@h");
	EXPECT_STR(load_env("SOCKSIFY_RULES=a=socks5://u:SECRET@h:0", NULL),
		   "SOCKSIFY_RULES: 'a=socks5://u@h:0': bad port after 'h': 1 to 65535 was meant\n");
	leave();
}

TEST("a bad ALL_PROXY is an error under the name that it has")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load_env("all_proxy=htp://h", NULL), "all_proxy: unknown scheme 'htp'; did you mean 'http'?\n");
	EXPECT_STR(load_env("ALL_PROXY=http://a,http://b", NULL), "ALL_PROXY: nothing may follow the port\n");
	leave();
}

TEST("with a file ALL_PROXY and NO_PROXY are left alone")
{
	enter();
	ini(P);
	EXPECT_STR(load_env("ALL_PROXY=nonsense://", "NO_PROXY=10.*"), "");
	EXPECT_STR(way(config.chain), "p");
	EXPECT(!config.rules);
	leave();
}

TEST("NO_PROXY goes direct as it does for curl: domains with their subdomains, addresses, ranges")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(
		load_env("ALL_PROXY=http://h", "NO_PROXY=a.example, .b.example *.c.example,10.0.0.0/8 2001:db8::1,[::2], d.example:8080"),
		"");
	static const char *const direct[] = {"a.example", "x.a.example",     "b.example", "x.b.example",    "x.c.example",
					     "10.1.2.3",  "[2001:db8::1]:1", "[::2]:1",   "d.example:8080", "localhost"};
	static const char *const proxied[] = {"ba.example", "example", "11.0.0.1", "[2001:db8::2]:1", "d.example:80"};
	for (size_t i = 0; i < sizeof(direct) / sizeof(*direct); i++)
		EXPECT_STR(way(which_way(direct[i]).route), "direct");
	for (size_t i = 0; i < sizeof(proxied) / sizeof(*proxied); i++)
		EXPECT_STR(way(which_way(proxied[i]).route), "http://h:8080");
	EXPECT_STR(which_way("x.a.example").rule->name, "a.example");
	EXPECT_STR(which_way("x.a.example").rule->file, "NO_PROXY");
	EXPECT_STR(load_env("ALL_PROXY=http://h", "no_proxy=*"), "");
	EXPECT_STR(way(which_way("example.com").route), "direct");
	EXPECT_STR(way(which_way("192.0.2.1").route), "direct");
	leave();
}

TEST("what NO_PROXY says and we cannot is told and goes through the proxy; the rest holds")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load_env("ALL_PROXY=socks://h/", "no_proxy=10.*,a,10."),
		   "no_proxy: bad host '10.*'" HOST_MEANT
		   "; it is left out, and goes through the proxy\n"
		   "no_proxy: bad host '10.'" HOST_MEANT "; it is left out, and goes through the proxy\n");
	EXPECT_STR(way(which_way("10.1.2.3").route), "socks5://h:1080");
	EXPECT_STR(way(which_way("a").route), "direct");
	leave();
}

TEST("without a file and without a proxy the message says what to do")
{
	if (machine_has_one())
		return;
	enter();
	EXPECT_STR(load(),
		   "no configuration: give a proxy with -x URL, or set ALL_PROXY, or write one of ~/.socksify.ini, "
		   "~/.config/socksify/socksify.ini, /etc/socksify.ini\n");
	leave();
}

TEST("an environment that did not fit is refused")
{
	const size_t n = 70 * 1000;
	char *const large = malloc(n);

	enter();
	ini("[socksify]\nchain = direct\n");
	memset(large, ';', n);
	memcpy(large, "SOCKSIFY_RULES=", 15);
	large[n - 1] = '\0';
	EXPECT_STR(load_env(large, NULL), "the environment has more of SOCKSIFY_* than there is room for\n");
	leave();
	free(large);
}

TEST("the launcher can ask which keys -o may set")
{
	static const char *const cases[][2] = {
		{"timeout", ""},
		{"log_file", ""},
		{"timout", "unknown key 'timout'; did you mean 'timeout'?"},
		{"url", "unknown key 'url'; it belongs in [proxy NAME]"},
		{"nonsense", "unknown key 'nonsense'"},
		{"include", "'include' works in a file only"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		TEXT(problem, 256);
		EXPECT(config_key_known(cases[i][0], &problem) == !cases[i][1][0]);
		EXPECT_STR(problem.at, cases[i][1]);
	}
}
