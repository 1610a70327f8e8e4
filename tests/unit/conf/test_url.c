/* SPDX-License-Identifier: MIT */
#include "conf/url.h"
#include "tests/unit/tap.h"

static const char *show(const struct url_part *p)
{
	static char bytes[4][256];
	static int next;
	char *const to = bytes[next++ % 4];

	if (!p->at)
		return "-";
	memcpy(to, p->at, p->n);
	to[p->n] = '\0';
	return to;
}

TEST("a URL falls into its parts")
{
	static const struct {
		const char *url, *scheme, *user, *password, *host, *path;
	} cases[] = {
		{"socks5://h:1", "socks5", "-", "-", "h:1", "-"},
		{"http://h/", "http", "-", "-", "h", "/"},
		{"http://u@h", "http", "u", "-", "h", "-"},
		{"http://u:@h", "http", "u", "", "h", "-"},
		{"http://:p@h", "http", "", "p", "h", "-"},
		{"http://u:p:q@h", "http", "u", "p:q", "h", "-"},
		{"http://u@corp:p@q@h", "http", "u@corp", "p@q", "h", "-"},
		{"http://u%40:%70@[::1]:8", "http", "u%40", "%70", "[::1]:8", "-"},
		{"a+b:///x@y/z", "a+b", "-", "-", "", "/x@y/z"},
		{"a+b://u:p@/x@y/z", "a+b", "u", "p", "", "/x@y/z"},
		{"http://h?q", "http", "-", "-", "h", "?q"},
		{"http://", "http", "-", "-", "", "-"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct url u;
		TEXT(problem, 256);
		EXPECT(url_split(&u, cases[i].url, &problem));
		EXPECT_STR(problem.at, "");
		EXPECT_STR(show(&u.scheme), cases[i].scheme);
		EXPECT_STR(show(&u.user), cases[i].user);
		EXPECT_STR(show(&u.password), cases[i].password);
		EXPECT_STR(show(&u.host), cases[i].host);
		EXPECT_STR(show(&u.path), cases[i].path);
	}
}

TEST("percent signs are decoded, to any byte but NUL")
{
	char to[8];
	TEXT(problem, 256);

	EXPECT(url_decode(&(struct url_part){"a%40%2f%FF%25", 13}, to, sizeof(to), "user name", &problem));
	EXPECT_STR(to, "a@/\xff%");
	EXPECT(url_decode(&(struct url_part){NULL, 0}, to, sizeof(to), "user name", &problem));
	EXPECT_STR(to, "");
	EXPECT(!url_decode(&(struct url_part){"%00", 3}, to, sizeof(to), "user name", &problem));
	EXPECT_STR(problem.at, "the user name contains a NUL");
}

TEST("a percent sign without two digits, even at the very end, is a mistake")
{
	static const char *const cases[] = {"%", "%4", "%4g", "%g4", "100%", "%%41"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char to[8];
		TEXT(problem, 256);
		/* The digit behind the part is not the part's. */
		char with_digit[16];
		snprintf(with_digit, sizeof(with_digit), "%s1", cases[i]);
		EXPECT(!url_decode(&(struct url_part){with_digit, strlen(cases[i])}, to, sizeof(to), "password", &problem));
		EXPECT_STR(problem.at,
			   "'%' in the password is not followed by two hexadecimal digits; "
			   "a '%' itself is written %25");
	}
}

TEST("what does not fit is refused, not cut")
{
	char to[4];
	TEXT(problem, 256);

	EXPECT(url_decode(&(struct url_part){"abc", 3}, to, sizeof(to), "password", &problem));
	EXPECT(!url_decode(&(struct url_part){"abcd", 4}, to, sizeof(to), "password", &problem));
	EXPECT_STR(problem.at, "the password is longer than 3 bytes");
}
