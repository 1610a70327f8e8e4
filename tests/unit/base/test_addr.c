/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/un.h>

#include "core/base/addr.h"
#include "tests/unit/tap.h"

static bool host(struct addr *a, const char *text)
{
	return addr_parse_host(a, text, strlen(text));
}

static bool parse(struct addr *a, const char *text)
{
	return addr_parse(a, text, strlen(text), 1080);
}

static const char *text(const struct addr *a)
{
	static char bytes[ADDR_TEXT];

	return addr_string(a, bytes);
}

TEST("a host is read and shown again")
{
	static const struct {
		const char *in, *out;
		int kind;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1", ADDR_IPV4},
		{"0.0.0.0", "0.0.0.0", ADDR_IPV4},
		{"2001:DB8::1", "2001:db8::1", ADDR_IPV6},
		{"[2001:db8::1]", "2001:db8::1", ADDR_IPV6},
		{"::", "::", ADDR_IPV6},
		{"fe80::1%2", "fe80::1%2", ADDR_IPV6},
		{"fe80::1%4294967295", "fe80::1%4294967295", ADDR_IPV6},
		{"::ffff:192.0.2.1", "192.0.2.1", ADDR_IPV4},
		{"[::ffff:c000:201]", "192.0.2.1", ADDR_IPV4},
		{"example.com", "example.com", ADDR_NAME},
		{"Example.COM.", "Example.COM", ADDR_NAME},
		{"intranet", "intranet", ADDR_NAME},
		{"my_host-1", "my_host-1", ADDR_NAME},
		{"1.example", "1.example", ADDR_NAME},
		{"10.0.0.x1", "10.0.0.x1", ADDR_NAME},
		{"b\xc3\xbc"
		 "cher.example",
		 "b\xc3\xbc"
		 "cher.example",
		 ADDR_NAME},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct addr a = {.port = 9};
		EXPECT(host(&a, cases[i].in));
		EXPECT_INT(a.kind, cases[i].kind);
		EXPECT_INT(a.port, 0);
		EXPECT_STR(text(&a), cases[i].out);
	}
}

TEST("what is neither an address nor a name is refused")
{
	static const char *const cases[] = {
		"",
		".",
		"..",
		".example.com",
		"a..b",
		"a b",
		"a\tb",
		"a/b",
		"a@b",
		"*",
		"*.a",
		"a\x7f",
		"a:b",
		"[a]",
		"[]",
		"[192.0.2.1]",
		"1.2",
		"300.1.1.1",
		"1.2.3.4.5",
		"127.1",
		"0x7f.1",
		"0x7f000001",
		"2130706433",
		"1.2.3.4.",
		"01.2.3.4",
		"1.2.3.0x4",
		"::1::",
		"[::1",
		"::1]",
		"fe80::1%",
		"fe80::1%eth0",
		"fe80::1%4294967296",
		"fe80::1%-1",
		"1:2:3:4:5:6:7:8:9",
		"a%b",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
	};
	struct addr a;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (host(&a, cases[i])) {
			tap_failed = true;
			printf("# '%s' was taken\n", cases[i]);
		}
	EXPECT(!addr_parse_host(&a, "a\0b", 3));
	EXPECT(!addr_parse_host(&a, "1.2.3.4\0", 8));
}

TEST("a name has at most 255 bytes")
{
	char name[256];
	struct addr a;

	memset(name, 'a', sizeof(name));
	EXPECT(addr_parse_host(&a, name, 255));
	EXPECT_INT(strlen(a.name), 255);
	EXPECT_INT(strlen(text(&a)), 255);
	EXPECT(!addr_parse_host(&a, name, 256));
}

TEST("only the given bytes are read")
{
	struct addr a;

	EXPECT(addr_parse_host(&a, "example.com:80", 7));
	EXPECT_STR(a.name, "example");
	EXPECT(addr_parse_host(&a, "192.0.2.123", 9));
	EXPECT_STR(text(&a), "192.0.2.1");
}

TEST("a host and port are read and shown again")
{
	static const char *const cases[][2] = {
		{"192.0.2.1:80", "192.0.2.1:80"},           {"192.0.2.1", "192.0.2.1:1080"},
		{"[2001:db8::1]:443", "[2001:db8::1]:443"}, {"[2001:db8::1]", "[2001:db8::1]:1080"},
		{"2001:db8::1", "[2001:db8::1]:1080"},      {"[fe80::1%3]:22", "[fe80::1%3]:22"},
		{"example.com:65535", "example.com:65535"}, {"example.com", "example.com:1080"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct addr a;
		EXPECT(parse(&a, cases[i][0]));
		EXPECT_STR(text(&a), cases[i][1]);
	}
}

TEST("a bad port spoils the whole")
{
	static const char *const cases[] = {"a:",    "a:0",         "a:65536", "a:99999999999999999999",
					    "a:-1",  "a:+1",        "a:1x",    "a: 1",
					    "a:080", "[::1]:",      "[::1]x",  "[::1]1",
					    ":80",   "[::1]:80:80", "",        "a:b:80",
					    "a:0x50"};
	struct addr a;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (parse(&a, cases[i])) {
			tap_failed = true;
			printf("# '%s' was taken\n", cases[i]);
		}
}

TEST("sockaddrs of every family come back as they went")
{
	static const char *const cases[] = {"192.0.2.1:80", "[2001:db8::1]:443", "[fe80::1%3]:22"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sockaddr_storage ss;
		struct addr a, b;
		EXPECT(parse(&a, cases[i]));
		const socklen_t n = addr_to_sockaddr(&a, &ss, AF_UNSPEC);
		EXPECT_INT(ss.ss_family, addr_family(&a));
		EXPECT(addr_from_sockaddr(&b, (struct sockaddr *)&ss, n));
		EXPECT(addr_equal(&a, &b));
	}
}

TEST("an IPv4 address fits an IPv6 socket by its mapped form, and back")
{
	struct sockaddr_storage ss;
	struct addr a, b;

	EXPECT(parse(&a, "192.0.2.1:80"));
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_INET6), sizeof(struct sockaddr_in6));
	const struct sockaddr_in6 *const in6 = (const struct sockaddr_in6 *)&ss;
	EXPECT(IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr));
	EXPECT_INT(in6->sin6_port, htons(80));
	EXPECT(addr_from_sockaddr(&b, (struct sockaddr *)&ss, sizeof(*in6)));
	EXPECT_INT(b.kind, ADDR_IPV4);
	EXPECT(addr_equal(&a, &b));
}

TEST("what a family cannot say has no sockaddr")
{
	struct sockaddr_storage ss;
	struct addr a;

	EXPECT(parse(&a, "example.com:80"));
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_UNSPEC), 0);
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_INET), 0);
	EXPECT_INT(addr_family(&a), AF_UNSPEC);
	EXPECT(parse(&a, "[2001:db8::1]:1"));
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_INET), 0);
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_UNIX), 0);
	EXPECT(parse(&a, "192.0.2.1:1"));
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_UNIX), 0);
	a = (struct addr){0};
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_UNSPEC), 0);
}

TEST("a sockaddr that is too short is refused, but for IPv6 without its scope")
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_scope_id = 7};
	struct addr a;

	EXPECT(!addr_from_sockaddr(&a, NULL, 0));
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&in, 1));
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&in, sizeof(in) - 1));
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&in6, 23));
	EXPECT(addr_from_sockaddr(&a, (struct sockaddr *)&in6, 24));
	EXPECT_INT(a.scope, 0);
	in.sin_family = AF_UNSPEC;
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&in, sizeof(in)));
}

TEST("a unix socket's path is read with and without its NUL; an abstract or missing name is refused")
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/tor/socks"};
	const socklen_t head = offsetof(struct sockaddr_un, sun_path);
	struct sockaddr_storage ss;
	struct addr a;

	EXPECT(addr_from_sockaddr(&a, (struct sockaddr *)&un, sizeof(un)));
	EXPECT_STR(text(&a), "/run/tor/socks");
	EXPECT(addr_from_sockaddr(&a, (struct sockaddr *)&un, head + 8));
	EXPECT_STR(text(&a), "/run/tor");
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_UNSPEC), head + 9);
	EXPECT_INT(addr_to_sockaddr(&a, &ss, AF_INET), 0);
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&un, head));
	un.sun_path[0] = '\0';
	EXPECT(!addr_from_sockaddr(&a, (struct sockaddr *)&un, sizeof(un)));
}

TEST("addresses are equal by kind, host, port and scope; names whatever their case and last dot")
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{"example.com:80", "EXAMPLE.com.:80", true},
		{"example.com:80", "example.com:81", false},
		{"example.com:80", "example.co:80", false},
		{"192.0.2.1:1", "192.0.2.1:1", true},
		{"192.0.2.1:1", "192.0.2.2:1", false},
		{"[fe80::1%1]:1", "[fe80::1%2]:1", false},
		{"[::1]:1", "[0:0::1]:1", true},
		{"[::2]:1", "[::1]:1", false},
		{"192.0.2.1:1", "[::ffff:192.0.2.1]:1", true},
		{"192.0.2.1:1", "[::c000:201]:1", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct addr a, b;
		EXPECT(parse(&a, cases[i].a) && parse(&b, cases[i].b));
		EXPECT_INT(addr_equal(&a, &b), cases[i].equal);
	}
}

TEST("a group is many hosts at once")
{
	static const char *const yes[] = {"224.0.0.251", "239.255.255.255", "255.255.255.255", "ff02::fb", "::ffff:224.0.0.1"};
	static const char *const no[] = {"223.255.255.255", "240.0.0.1", "255.255.255.254", "fe80::1", "localhost"};
	struct addr a;

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		EXPECT(host(&a, yes[i]) && addr_is_group(&a));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		EXPECT(host(&a, no[i]) && !addr_is_group(&a));
}

TEST("names under invalid are told apart from those like them")
{
	static const char *const yes[] = {"invalid", "a.Invalid", "a.b.invalid."}, *const no[] = {"ainvalid", "invalid.example",
												  "a.test"};
	struct addr a;

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		EXPECT(host(&a, yes[i]) && addr_is_invalid(&a));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		EXPECT(host(&a, no[i]) && !addr_is_invalid(&a));
}

TEST("loopback is what the kernel and RFC 6761 take for it")
{
	static const char *const yes[] = {"127.0.0.1",        "127.255.0.9", "0.0.0.0",    "::1",         "::",
					  "::ffff:127.0.0.1", "localhost",   "LocalHost.", "a.localhost", "A.B.LOCALHOST."};
	static const char *const no[] = {
		"126.0.0.1", "0.0.0.1", "::2", "1::1", "localhos", "alocalhost", "localhost.example", "localhost.localdomain"};
	struct addr a;

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		EXPECT(host(&a, yes[i]) && addr_is_loopback(&a));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		EXPECT(host(&a, no[i]) && !addr_is_loopback(&a));
}
