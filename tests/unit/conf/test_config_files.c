/* SPDX-License-Identifier: MIT */
#include "test_config.h"

#include <time.h>

#define P "[proxy p]\nurl = socks5://h\n"
#define DIRECT "[socksify]\nchain = direct\n"
#define BLOCK "[socksify]\nchain = block\n"

static const char *variable(const char *name, const char *path)
{
	static char bytes[2][PATH_MAX + 64];
	static int next;
	char *const to = bytes[next++ % 2];

	snprintf(to, sizeof(bytes[0]), "%s=%s/%s", name, home, path);
	return to;
}

/* What the configuration's source is, below the home. */
static const char *source(void)
{
	const size_t n = strlen(home);

	return config.source && strncmp(config.source, home, n) == 0 ? config.source + n : config.source;
}

TEST("the first file that exists is read: SOCKSIFY_CONFIG, the home's, XDG's")
{
	enter();
	put("given.ini", 0644, DIRECT, strlen(DIRECT));
	put("xdg/socksify/socksify.ini", 0644, DIRECT, strlen(DIRECT));
	put(".config/socksify/socksify.ini", 0644, DIRECT, strlen(DIRECT));
	EXPECT_STR(load(), "");
	EXPECT_STR(source(), "/.config/socksify/socksify.ini");
	EXPECT_STR(load_with(variable("XDG_CONFIG_HOME", "xdg"), NULL, NULL, NULL), "");
	EXPECT_STR(source(), "/xdg/socksify/socksify.ini");
	EXPECT_STR(load_with("XDG_CONFIG_HOME=relative", NULL, NULL, NULL), "");
	EXPECT_STR(source(), "/.config/socksify/socksify.ini");
	ini(DIRECT);
	EXPECT_STR(load_with(variable("XDG_CONFIG_HOME", "xdg"), NULL, NULL, NULL), "");
	EXPECT_STR(source(), "/.socksify.ini");
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "given.ini"), NULL, NULL, NULL), "");
	EXPECT_STR(source(), "/given.ini");
	leave();
}

TEST("XDG_CONFIG_HOME takes the place of ~/.config")
{
	if (access("/etc/socksify.ini", F_OK) == 0)
		return;
	enter();
	put(".config/socksify/socksify.ini", 0644, DIRECT, strlen(DIRECT));
	EXPECT_STR(load_with(variable("XDG_CONFIG_HOME", "xdg"), NULL, NULL, NULL),
		   "no configuration: give a proxy with -x URL, or set ALL_PROXY, or write one of ~/.socksify.ini, "
		   "~/xdg/socksify/socksify.ini, /etc/socksify.ini\n");
	leave();
}

TEST("the current directory is never looked into")
{
	char before[PATH_MAX];

	if (access("/etc/socksify.ini", F_OK) == 0)
		return;
	enter();
	put("here/.socksify.ini", 0644, DIRECT, strlen(DIRECT));
	put("here/socksify.ini", 0644, DIRECT, strlen(DIRECT));
	const char *const here = strchr(variable("X", "here"), '=') + 1;
	EXPECT(getcwd(before, sizeof(before)) && chdir(here) == 0);
	EXPECT(load()[0] != '\0');
	EXPECT(chdir(before) == 0);
	leave();
}

TEST("a given file that cannot be read is an error, never a reason to look elsewhere")
{
	enter();
	ini(DIRECT);
	put("dir/x", 0600, "", 0);
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "nowhere.ini"), "ALL_PROXY=http://h", NULL, NULL),
		   "~/nowhere.ini: no such file\n");
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "dir"), NULL, NULL, NULL), "~/dir: not a regular file\n");
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "dir/x/y"), NULL, NULL, NULL), "~/dir/x/y: Not a directory\n");
	leave();
}

TEST("a pipe in the place of a file is refused at once")
{
	enter();
	const char *const named = variable("SOCKSIFY_CONFIG", "fifo");
	EXPECT(mkfifo(strchr(named, '=') + 1, 0600) == 0);
	EXPECT_STR(load_with(named, NULL, NULL, NULL), "~/fifo: not a regular file\n");
	leave();
}

TEST("a file that exists but is forbidden is an error, not passed over")
{
	if (geteuid() == 0)
		return; /* to whom nothing is forbidden */
	enter();
	put(".socksify.ini", 0, DIRECT, strlen(DIRECT));
	put(".config/socksify/socksify.ini", 0600, DIRECT, strlen(DIRECT));
	EXPECT_STR(load(), "~/.socksify.ini: permission denied\n");
	leave();
}

TEST("a file longer than 1 MiB is refused")
{
	const size_t n = 1024 * 1024 + 1;
	char *const text = malloc(n);

	enter();
	memset(text, '\n', n);
	put(".socksify.ini", 0600, text, n);
	EXPECT_STR(load(), "~/.socksify.ini: longer than 1 MiB\n");
	leave();
	free(text);
}

TEST("/dev/null is a file without anything in it")
{
	enter();
	EXPECT_STR(load_with("SOCKSIFY_CONFIG=/dev/null", "SOCKSIFY_PROXY=socks5://h:1", NULL, NULL), "");
	EXPECT_STR(way(config.chain), "socks5://h:1");
	EXPECT_STR(config.source, "/dev/null");
	leave();
}

TEST("a file with a password that others can read is refused")
{
	static const struct {
		int mode;
		bool fine;
	} cases[] = {{0600, true}, {0400, true}, {0640, false}, {0604, false}, {0644, false}, {0444, false}};
	static const char in_key[] = P "username = u\npassword = x\n", in_url[] = "[proxy p]\nurl = http://u:x@h\n";

	enter();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("a.ini", cases[i].mode, in_key, strlen(in_key));
		EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "a.ini"), NULL, NULL, NULL),
			   cases[i].fine ? "" : "~/a.ini line 4: others can read this password; 'chmod 600 ~/a.ini' hides it\n");
		EXPECT(unlink(strchr(variable("", "a.ini"), '=') + 1) == 0);
	}
	put("a.ini", 0644, in_url, strlen(in_url));
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "a.ini"), NULL, NULL, NULL),
		   "~/a.ini line 2: others can read this password; 'chmod 600 ~/a.ini' hides it\n");
	leave();
}

TEST("a file without a password may be read by everybody, its user names too")
{
	static const char text[] = "[proxy p]\nurl = socks5://bob@h\npassword_file = secret\n";

	enter();
	put("secret", 0600, "x", 1);
	put(".socksify.ini", 0644, text, strlen(text));
	EXPECT_STR(load(), "");
	EXPECT_STR(config.proxies->password, "x");
	put("secret", 0644, "x", 1);
	EXPECT_STR(load(),
		   "~/.socksify.ini line 3: others can read password_file '~/secret'; 'chmod 600 "
		   "~/secret' hides it\n");
	leave();
}

TEST("an included file is read first, and its keys give way")
{
	static const char base[] = "[socksify]\nchain = q\ntimeout = 1s\nlog = trace\n" P
				   "[proxy q]\nurl = socks5://q\n"
				   "[rule one]\nhost = a\nvia = direct\n[rule two]\nhost = b\nvia = direct\n";

	enter();
	put("etc/base.ini", 0644, base, strlen(base));
	ini("[socksify]\ntimeout = 2s\ninclude = etc/base.ini\n"
	    "[rule three]\nhost = c\nvia = direct\n[rule two]\nvia = block\n[proxy q]\nurl = http://q\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "q");
	EXPECT_INT(config.chain->hops[0]->kind, PROXY_HTTP);
	EXPECT_INT(config.timeout_ms, 2000);
	EXPECT_INT(config.log, LOG_TRACE);
	EXPECT_STR(config.rules->name, "one");
	EXPECT_STR(config.rules->next->name, "two");
	EXPECT_STR(way(which_way("b").route), "block");
	EXPECT_STR(config.rules->next->next->name, "three");
	EXPECT_STR(source(), "/.socksify.ini");
	EXPECT_STR(strrchr(config.rules->file, '/'), "/base.ini");
	leave();
}

TEST("an include is relative to its own file, or to the home after '~/'")
{
	static const char a[] = "[socksify]\ninclude = more/b.ini\n", b[] = "[socksify]\ninclude = ~/c.ini\n", c[] = DIRECT;

	enter();
	put("etc/a.ini", 0600, a, strlen(a));
	put("etc/more/b.ini", 0600, b, strlen(b));
	put("c.ini", 0600, c, strlen(c));
	EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "etc/a.ini"), NULL, NULL, NULL), "");
	EXPECT_STR(way(config.chain), "direct");
	leave();
}

TEST("mistakes in an included file name that file; a password there counts there")
{
	static const char text[] = "[socksify]\nfoo = 1\n" P "username = u\npassword = x\n";

	enter();
	put("b.ini", 0644, text, strlen(text));
	ini("[socksify]\ninclude = b.ini\n");
	EXPECT_STR(load(),
		   "~/b.ini line 2: unknown key 'foo' in [socksify]\n"
		   "~/b.ini line 6: others can read this password; 'chmod 600 ~/b.ini' hides it\n");
	leave();
}

TEST("what cannot be included is an error")
{
	enter();
	ini("[socksify]\nchain = direct\ninclude = nowhere\n");
	EXPECT_STR(load(), "~/.socksify.ini line 3: cannot include '~/nowhere': no such file\n");
	ini("[socksify]\nchain = direct\ninclude = .socksify.ini\n");
	EXPECT_STR(load(), "~/.socksify.ini line 3: cannot include '~/.socksify.ini': it includes itself\n");
	ini("[socksify]\nchain = direct\ninclude =\n");
	EXPECT_STR(load(), "~/.socksify.ini line 3: 'include' is empty\n");
	leave();
}

TEST("files that include each other, or go on and on, are an error")
{
	char name[32], text[64];

	enter();
	for (int i = 0; i < 13; i++) {
		snprintf(name, sizeof(name), "%d.ini", i);
		snprintf(text, sizeof(text), "[socksify]\ninclude = %d.ini\n", i == 2 ? 0 : i + 1);
		put(name, 0600, text, strlen(text));
	}
	EXPECT(strstr(load_with(variable("SOCKSIFY_CONFIG", "0.ini"), NULL, NULL, NULL),
		      "~/2.ini line 2: cannot include '~/0.ini': it includes itself\n"));
	EXPECT(strstr(load_with(variable("SOCKSIFY_CONFIG", "3.ini"), NULL, NULL, NULL),
		      "~/11.ini line 2: cannot include '~/12.ini': files are included more than 8 deep\n"));
	leave();
}

/* Writes `n` rules, and one of `n` hosts, half of them on lines of their own. */
static void put_rules(int n)
{
	const size_t room = 4096 + (size_t)n * 128;
	char *const bytes = malloc(room);
	struct text t = {.at = bytes, .size = room};

	text_add(&t, P "[socksify]\nchain = p\n");
	for (int i = 0; i < n; i++)
		text_add(&t, "[rule r%d]\nhost = host%d.test\nport = 80\nvia = p\n", i, i);
	text_add(&t, "[rule list]\nvia = block\nhost = a.test");
	for (int i = 0; i < n / 2 && i < 400; i++)
		text_add(&t, ", a%d", i);
	for (int i = 0; i < n; i++)
		text_add(&t, "\n  b%d.test", i);
	text_add(&t, "\n");
	EXPECT(!t.cut);
	put("rules.ini", 0644, bytes, t.len);
	free(bytes);
}

/* Returns the CPU time of reading `n` rules. */
static double cost(int n)
{
	double least = 1e9;

	put_rules(n);
	for (int round = 0; round < 3; round++) {
		const clock_t begun = clock();
		EXPECT_STR(load_with(variable("SOCKSIFY_CONFIG", "rules.ini"), NULL, NULL, NULL), "");
		const double took = (double)(clock() - begun) * 1000 / CLOCKS_PER_SEC;
		least = took < least ? took : least;
	}
	return least;
}

TEST("eight times as many rules and hosts take about eight times as long to read")
{
	enter();
	const double few = cost(1000), many = cost(8000);
	printf("# %.2f ms, %.2f ms\n", few, many);
	EXPECT(many < 24 * few);
	leave();
}
