/* SPDX-License-Identifier: MIT */
#include "conf/proxy.h"
#include "tests/unit/tap.h"

static const char *text(const struct proxy *p)
{
	static char bytes[PROXY_TEXT];
	struct text t = {.at = bytes, .size = sizeof(bytes)};

	bytes[0] = '\0';
	proxy_text(p, &t);
	return bytes;
}

TEST("a URL names a proxy, and is shown without its password")
{
	static const struct {
		const char *url, *shown;
		enum proxy_kind kind;
		const char *user, *password;
	} cases[] = {
		{"socks5://127.0.0.1:9050", "socks5://127.0.0.1:9050", PROXY_SOCKS5, "", ""},
		{"socks5h://h", "socks5://h:1080", PROXY_SOCKS5, "", ""},
		{"SOCKS4://192.0.2.1/", "socks4://192.0.2.1:1080", PROXY_SOCKS4, "", ""},
		{"socks4a://me@h:1", "socks4a://me@h:1", PROXY_SOCKS4A, "me", ""},
		{"http://gw.example.com", "http://gw.example.com:8080", PROXY_HTTP, "", ""},
		{"http://u@h:3128", "http://u@h:3128", PROXY_HTTP, "u", ""},
		{"http://u:@h:3128", "http://u@h:3128", PROXY_HTTP, "u", ""},
		{"socks5://bob:s3cr3t@[2001:db8::1]:1", "socks5://bob@[2001:db8::1]:1", PROXY_SOCKS5, "bob", "s3cr3t"},
		{"socks5://a%40b:p%3A%2f@h", "socks5://a@b@h:1080", PROXY_SOCKS5, "a@b", "p:/"},
		{"socks5://me@corp:p@ss:w@h", "socks5://me@corp@h:1080", PROXY_SOCKS5, "me@corp", "p@ss:w"},
		{"https://gw.example.com", "https://gw.example.com:443", PROXY_HTTPS, "", ""},
		{"https://u:p@h:8443", "https://u@h:8443", PROXY_HTTPS, "u", "p"},
		{"ssh://gw", "ssh://gw", PROXY_SSH, "", ""},
		{"ssh://me@gw:2222", "ssh://me@gw:2222", PROXY_SSH, "me", ""},
		{"ssh://[fd00::1]", "ssh://[fd00::1]", PROXY_SSH, "", ""},
		{"socks5+unix:///run/tor/socks", "socks5+unix:///run/tor/socks", PROXY_SOCKS5, "", ""},
		{"socks5+unix://u:p@/run/a@b", "socks5+unix://u@/run/a@b", PROXY_SOCKS5, "u", "p"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proxy p;
		TEXT(problem, 256);
		EXPECT(proxy_parse(&p, cases[i].url, &problem));
		EXPECT_STR(problem.at, "");
		EXPECT_INT(p.kind, cases[i].kind);
		EXPECT_STR(text(&p), cases[i].shown);
		EXPECT_STR(p.username, cases[i].user);
		EXPECT_STR(p.password, cases[i].password);
		EXPECT_INT(p.has_credentials, cases[i].user[0] && p.kind != PROXY_SSH);
	}
}

#define NEEDS_SCHEME "a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080"
#define ENCODE "'/', '?' and '#' in a user name or password are written %2F, %3F and %23"
#define BAD_PERCENT(part) "'%' in the " part " is not followed by two hexadecimal digits; a '%' itself is written %25"

TEST("each mistake in a URL has its own message")
{
	static const char *const cases[][2] = {
		{"", NEEDS_SCHEME},
		{"h:1080", "a proxy is written SCHEME://HOST:PORT, as in socks5://h:1080"},
		{"://h", NEEDS_SCHEME},
		{"socks5:/h", NEEDS_SCHEME},
		{"bob:SECRET@h://x", NEEDS_SCHEME},
		{"sock5://h", "unknown scheme 'sock5'; did you mean 'socks5'?"},
		{"sokcs4a://h", "unknown scheme 'sokcs4a'; did you mean 'socks4a'?"},
		{"htp://h", "unknown scheme 'htp'; did you mean 'http'?"},
		{"ftp://h", "unknown scheme 'ftp': socks5, socks4, socks4a, http, ssh, https or socks5+unix was meant"},
		{"abcdefghijklmnopqrstuvwxyz0123456789://h", "unknown scheme"},
		{"ssh://me:SECRET@h", "ssh takes no password from here: it asks for one on a terminal, and prefers keys"},
		{"ssh://h:99999", "bad port after 'h': 1 to 65535 was meant"},
		{"socks5://", "the host is missing"},
		{"socks5://:1080", "bad host ''"},
		{"socks5://u:SECRET@", "the host is missing"},
		{"socks5://u:SECRET@/x", "the host is missing"},
		{"socks5://a b", "bad host 'a b'"},
		{"socks5://1.2", "bad host '1.2'"},
		{"socks5://h:0", "bad port after 'h': 1 to 65535 was meant"},
		{"socks5://user:SECRET", "bad port after 'user': 1 to 65535 was meant"},
		{"socks5://[::1]:x", "bad port after '[::1]': 1 to 65535 was meant"},
		{"socks5://[::1", "bad host '[::1'"},
		{"socks5://::1:1080", "an IPv6 address in a URL stands in brackets"},
		{"socks5://h:1/x", "nothing may follow the port"},
		{"socks5://h?x", "nothing may follow the port"},
		{"socks5://u:SEC/RET@h", ENCODE},
		{"socks5://me@corp:SEC/RET@h", ENCODE},
		{"socks5://u:SECRET#@h", ENCODE},
		{"socks5://u%:SECRET@h", BAD_PERCENT("user name")},
		{"socks5://u:SECRET%4@h", BAD_PERCENT("password")},
		{"socks5://u%00:SECRET@h", "the user name contains a NUL"},
		{"socks5://u:SECRET%00@h", "the password contains a NUL"},
		{"socks5+unix://h/run/x", "a unix socket is written socks5+unix:///PATH"},
		{"socks5+unix://", "a unix socket is written socks5+unix:///PATH"},
		{"socks5+unix:///", "a unix socket is written socks5+unix:///PATH"},
		{"socks5://u@h", "socks5 takes a user name and a password, 1 to 255 bytes of each"},
		{"socks5://u:@h", "socks5 takes a user name and a password, 1 to 255 bytes of each"},
		{"socks5://:SECRET@h", "a password without a user name"},
		{"http://:SECRET@h", "a password without a user name"},
		{"socks4://u:SECRET@h", "socks4 takes a user name but no password"},
		{"socks5h://u@h", "socks5h takes a user name and a password, 1 to 255 bytes of each"},
		{"socks4a://u:SECRET@h", "socks4a takes a user name but no password"},
		{"http://a%3Ab:SECRET@h", "http takes a user name without ':'"},
		{"http://a:SECRET%0d%0aX@h", "http takes a user name and password without control characters"},
		{"http://a%7f:SECRET@h", "http takes a user name and password without control characters"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proxy p;
		TEXT(problem, 512);
		EXPECT(!proxy_parse(&p, cases[i][0], &problem));
		EXPECT_STR(problem.at, cases[i][1]);
		EXPECT(!strstr(problem.at, "SEC"));
	}
}

TEST("user name and password may have 255 bytes, and not one more")
{
	char url[1024], long_one[257];
	struct proxy p;
	TEXT(problem, 256);

	memset(long_one, 'x', 256);
	long_one[256] = '\0';
	snprintf(url, sizeof(url), "socks5://%.255s:%.255s@h", long_one, long_one);
	EXPECT(proxy_parse(&p, url, &problem));
	EXPECT_INT(strlen(p.username), 255);
	EXPECT_INT(strlen(p.password), 255);
	EXPECT(strlen(text(&p)) < PROXY_TEXT);
	snprintf(url, sizeof(url), "socks5://u:%s@h", long_one);
	EXPECT(!proxy_parse(&p, url, &problem));
	EXPECT_STR(problem.at, "the password is longer than 255 bytes");
}

TEST("a unix socket's path may have 107 bytes, and not one more")
{
	char url[256];
	struct proxy p;
	TEXT(problem, 256);

	snprintf(url, sizeof(url), "socks5+unix:///%0106d", 7);
	EXPECT(proxy_parse(&p, url, &problem));
	EXPECT_INT(strlen(p.addr.name), 107);
	snprintf(url, sizeof(url), "socks5+unix:///%0107d", 7);
	EXPECT(!proxy_parse(&p, url, &problem));
	EXPECT_STR(problem.at, "the path of the unix socket is longer than 107 bytes");
}
