/* SPDX-License-Identifier: MIT */
#include "test_config.h"

/* A file of the source tree, put into the home where only we can read it; `uncomment` drops the ';' before
 * what is no prose. */
static void put_shipped(const char *path, bool uncomment)
{
	static char text[64 * 1024];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = read(fd, text, sizeof(text) - 1);
	char *to = text;

	EXPECT(fd >= 0 && n > 0);
	close(fd);
	for (ssize_t i = 0; i < n; i++) {
		const bool starts = text[i] == ';' && (i == 0 || to[-1] == '\n');
		if (!(uncomment && starts && (strncmp(text + i + 1, "    ", 4) == 0 || !strchr(" \n", text[i + 1]))))
			*to++ = text[i];
	}
	put(".socksify.ini", 0600, text, (size_t)(to - text));
}

TEST("the configuration we ship loads, and means what the defaults mean")
{
	struct config defaults;

	enter();
	ini("[proxy tor]\nurl = socks5://127.0.0.1:9050\n");
	EXPECT_STR(load(), "");
	defaults = config;
	put_shipped("conf/socksify.ini", false);
	config = (struct config){0};
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "tor");
	EXPECT_INT(config.udp, defaults.udp);
	EXPECT_INT(config.udp_relay, defaults.udp_relay);
	EXPECT_INT(config.timeout_ms, defaults.timeout_ms);
	EXPECT_INT(config.hop_timeout_ms, defaults.hop_timeout_ms);
	EXPECT_INT(config.log, defaults.log);
	EXPECT(!config.log_file && !config.rules);
	EXPECT(addr_equal(&config.placeholder_ipv4, &defaults.placeholder_ipv4));
	EXPECT(addr_equal(&config.placeholder_ipv6, &defaults.placeholder_ipv6));
	EXPECT_INT(config.placeholder_ipv4_prefix, defaults.placeholder_ipv4_prefix);
	EXPECT_INT(config.placeholder_ipv6_prefix, defaults.placeholder_ipv6_prefix);
	config_free(&defaults);
	leave();
}

TEST("uncommented, every line of the configuration we ship is understood")
{
	enter();
	put_shipped("conf/socksify.ini", true);
	load();
	char *save, *line = strtok_r(shown, "\n", &save);
	int n = 0;
	for (; line; line = strtok_r(NULL, "\n", &save), n++) {
		/* Only what cannot be here: files, and a second password. */
		const bool expected = strstr(line, "cannot include") || strstr(line, "cannot read password_file") ||
				      strstr(line, "unknown chain or proxy 'office'");
		EXPECT(expected);
		if (!expected)
			printf("# %s\n", line);
	}
	EXPECT(n >= 2);
	leave();
}

static const char *const keys[] = {
#define KEY(section, name, how, reader, words) name,
#include "conf/load/config.def"
#undef KEY
};

static const char *read_shipped(const char *path)
{
	static char text[64 * 1024];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = read(fd, text, sizeof(text) - 1);

	EXPECT(fd >= 0 && n > 0);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

TEST("the configuration we ship shows every key there is")
{
	const char *const text = read_shipped("conf/socksify.ini");

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char set[64], off[64];
		snprintf(set, sizeof(set), "\n%s =", keys[i]);
		snprintf(off, sizeof(off), "\n;%s =", keys[i]);
		EXPECT(strstr(text, set) || strstr(text, off));
	}
}

TEST("the manual explains every key there is")
{
	const char *const text = read_shipped("conf/socksify.ini.5");

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char item[64];
		snprintf(item, sizeof(item), "\n.It Cm %s Li = ", keys[i]);
		EXPECT(strstr(text, item));
	}
}

TEST("every example loads and goes where it says")
{
	enter();
	put_shipped("conf/examples/tor.ini", false);
	EXPECT_STR(load(), "");
	EXPECT_STR(way(which_way("example.com").route), "tor");
	put_shipped("conf/examples/ssh.ini", false);
	EXPECT_STR(load(), "");
	EXPECT_STR(way(which_way("example.com").route), "gateway");
	put_shipped("conf/examples/chain.ini", false);
	EXPECT_STR(load(), "");
	EXPECT_STR(way(which_way("example.com").route), "gateway,exit");
	put_shipped("conf/examples/choice.ini", false);
	EXPECT_STR(load(), "");
	EXPECT_STR(which_way("example.com").route->name, "private");
	EXPECT_INT(which_way("example.com").route->members[0]->mode, CHAIN_FASTEST);
	put_shipped("conf/examples/split.ini", false);
	EXPECT_STR(load(), "");
	EXPECT_STR(way(which_way("example.com").route), "direct");
	EXPECT_STR(way(which_way("x.corp.example.com").route), "office");
	EXPECT_STR(way(which_way("x.corp.example.com:25").route), "block");
	EXPECT_STR(way(which_way("abc.onion").route), "tor");
	leave();
}
