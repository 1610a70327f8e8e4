/* SPDX-License-Identifier: MIT */
#include "conf/rule.h"
#include "tests/unit/tap.h"

static struct arena arena;

static bool matches(const struct rule *r, const struct destination *to)
{
	return rule_mismatch(r, to) == RULE_NONE;
}

static bool host_matches(const char *pattern, const char *host)
{
	struct rule r = {0};
	struct addr a;
	TEXT(problem, 256);

	EXPECT(rule_add_host(&r, &arena, pattern, strlen(pattern), &problem));
	EXPECT_STR(problem.at, "");
	EXPECT(addr_parse_host(&a, host, strlen(host)));
	const bool yes = matches(&r, &(struct destination){.addr = &a});
	arena_free(&arena);
	return yes;
}

TEST("a host pattern matches what it says and no more")
{
	static const struct {
		const char *pattern, *yes, *no;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1", "192.0.2.2"},
		{"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
		{"10.0.0.0/8", "::ffff:10.1.2.3", "::10.1.2.3"},
		{"10.9.9.9/8", "10.1.2.3", "9.9.9.9"},
		{"10.0.0.0/255.0.0.0", "10.255.255.255", "11.0.0.0"},
		{"192.0.2.4/255.255.255.254", "192.0.2.5", "192.0.2.6"},
		{"192.0.2.4/255.255.255.255", "192.0.2.4", "192.0.2.5"},
		{"1.2.3.4/0.0.0.0", "203.0.113.1", "2001:db8::1"},
		{"172.16.0.0/12", "172.31.255.255", "172.32.0.0"},
		{"192.0.2.128/25", "192.0.2.128", "192.0.2.127"},
		{"192.0.2.4/31", "192.0.2.5", "192.0.2.6"},
		{"0.0.0.0/0", "203.0.113.1", "2001:db8::1"},
		{"::/0", "2001:db8::1", "203.0.113.1"},
		{"::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.1"},
		{"::ffff:0:0/96", "203.0.113.1", "2001:db8::1"},
		{"fd00::/8", "fdff::1", "fc00::1"},
		{"2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"},
		{"[2001:db8::1]", "2001:db8::1", "2001:db8::2"},
		{"fe80::/10", "fe80::1%3", "fec0::1"},
		{"intranet", "INTRANET.", "intranet.example.com"},
		{"example.com", "Example.Com", "www.example.com"},
		{"*.example.com", "www.example.com", "badexample.com"},
		{"*.example.com", "EXAMPLE.com", "com"},
		{"*.example.com.", "a.b.example.com", "example.com.evil"},
		{"*.onion", "duckduckgo.onion", "onion.example"},
		{"10.0.0.0/8", "10.0.0.1", "ten.example"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (host_matches(cases[i].pattern, cases[i].yes) && !host_matches(cases[i].pattern, cases[i].no))
			continue;
		tap_failed = true;
		printf("# %s: %s, %s\n", cases[i].pattern, cases[i].yes, cases[i].no);
	}
}

TEST("a star alone matches names and addresses alike")
{
	EXPECT(host_matches("*", "example.com"));
	EXPECT(host_matches("*", "192.0.2.1"));
	EXPECT(host_matches("*", "2001:db8::1"));
}

#define HOST_MEANT ": an address, ADDRESS/BITS, a name, *.DOMAIN or * was meant"

TEST("each mistake in a host pattern is named")
{
	static const char *const cases[][2] = {
		{"", "bad host ''" HOST_MEANT},
		{"10.0.0.0/33", "bad host '10.0.0.0/33'" HOST_MEANT},
		{"10.0.0.0/", "bad host '10.0.0.0/'" HOST_MEANT},
		{"10.0.0.0/08", "bad host '10.0.0.0/08'" HOST_MEANT},
		{"10.0.0.0/255.0.255.0", "bad host '10.0.0.0/255.0.255.0'" HOST_MEANT},
		{"fd00::/255.0.0.0", "bad host 'fd00::/255.0.0.0'" HOST_MEANT},
		{"::/129", "bad host '::/129'" HOST_MEANT},
		{"::ffff:10.0.0.0/8", "bad host '::ffff:10.0.0.0/8'" HOST_MEANT},
		{"10.0.0", "bad host '10.0.0'" HOST_MEANT},
		{"10.*", "bad host '10.*'" HOST_MEANT},
		{"example.com/8", "bad host 'example.com/8'" HOST_MEANT},
		{"*example.com", "bad host '*example.com'" HOST_MEANT},
		{"www.*.com", "bad host 'www.*.com'" HOST_MEANT},
		{"*.", "bad host '*.'" HOST_MEANT},
		{"*.10.0.0.1", "bad host '*.10.0.0.1'" HOST_MEANT},
		{"**", "bad host '**'" HOST_MEANT},
		{"a b", "bad host 'a b'" HOST_MEANT},
		{".example.com", "bad host '.example.com'; did you mean '*.example.com'?"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule r = {0};
		TEXT(problem, 256);
		EXPECT(!rule_add_host(&r, &arena, cases[i][0], strlen(cases[i][0]), &problem));
		EXPECT_STR(problem.at, cases[i][1]);
		EXPECT(!r.hosts);
	}
	arena_free(&arena);
}

static bool port_matches(const char *pattern, uint16_t port)
{
	struct rule r = {0};
	const struct addr a = {.kind = ADDR_IPV4, .port = port};
	TEXT(problem, 256);

	EXPECT(rule_add_port(&r, &arena, pattern, strlen(pattern), &problem));
	const bool yes = matches(&r, &(struct destination){.addr = &a});
	arena_free(&arena);
	return yes;
}

TEST("a port pattern is one port or a range with both its ends")
{
	EXPECT(port_matches("22", 22));
	EXPECT(!port_matches("22", 23));
	EXPECT(port_matches("8000-8999", 8000));
	EXPECT(port_matches("8000-8999", 8999));
	EXPECT(!port_matches("8000-8999", 7999));
	EXPECT(!port_matches("8000-8999", 9000));
	EXPECT(port_matches("1-65535", 65535));
	EXPECT(port_matches("9-9", 9));
}

TEST("each mistake in a port pattern is named")
{
	static const char *const cases[][2] = {
		{"", "bad port '': 1 to 65535 or FIRST-LAST was meant"},
		{"0", "bad port '0': 1 to 65535 or FIRST-LAST was meant"},
		{"65536", "bad port '65536': 1 to 65535 or FIRST-LAST was meant"},
		{"http", "bad port 'http': 1 to 65535 or FIRST-LAST was meant"},
		{"1-", "bad port '1-': 1 to 65535 or FIRST-LAST was meant"},
		{"-1", "bad port '-1': 1 to 65535 or FIRST-LAST was meant"},
		{"1-2-3", "bad port '1-2-3': 1 to 65535 or FIRST-LAST was meant"},
		{"9-8", "bad port '9-8': it ends before it begins"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule r = {0};
		TEXT(problem, 256);
		EXPECT(!rule_add_port(&r, &arena, cases[i][0], strlen(cases[i][0]), &problem));
		EXPECT_STR(problem.at, cases[i][1]);
		EXPECT(!r.ports);
	}
	arena_free(&arena);
}

static bool program_matches(const char *glob, const char *program)
{
	struct rule r = {0};
	const struct addr a = {.kind = ADDR_IPV4};
	TEXT(problem, 256);

	EXPECT(rule_add_program(&r, &arena, glob, strlen(glob), &problem));
	const bool yes = matches(&r, &(struct destination){.addr = &a, .program = program});
	arena_free(&arena);
	return yes;
}

TEST("a program pattern is a glob over the whole name")
{
	static const struct {
		const char *glob, *yes, *no;
	} cases[] = {
		{"ssh", "ssh", "sshd"},
		{"git*", "git-remote-https", "agit"},
		{"git*", "git", "Git"},
		{"*-https", "a-https", "https"},
		{"p?thon*", "python3", "pthon"},
		{"*a*b*", "xaxbx", "xbxax"},
		{"*", "anything", NULL},
		{"a*a*a", "aaa", "aa"},
		{"[a]", "[a]", "a"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		EXPECT(program_matches(cases[i].glob, cases[i].yes));
		EXPECT(!program_matches(cases[i].glob, cases[i].no));
	}
}

TEST("a program pattern that is a path is a mistake")
{
	struct rule r = {0};
	TEXT(problem, 256);

	EXPECT(!rule_add_program(&r, &arena, "/usr/bin/ssh", 12, &problem));
	EXPECT_STR(problem.at, "bad program '/usr/bin/ssh': a name was meant, not a path");
	EXPECT(!r.programs);
	arena_free(&arena);
}

TEST("every key that is given must match; a rule without keys matches everything")
{
	struct rule r = {.protocol = RULE_TCP};
	struct addr a = {.kind = ADDR_IPV4, .ip = {10, 1, 2, 3}, .port = 22};
	const struct destination tcp = {.addr = &a, .program = "ssh"}, udp = {.addr = &a, .program = "ssh", .udp = true};
	TEXT(problem, 256);

	EXPECT(matches(&(struct rule){0}, &tcp) && matches(&(struct rule){0}, &udp));
	EXPECT(rule_add_host(&r, &arena, "192.0.2.1", 9, &problem) && rule_add_host(&r, &arena, "10.0.0.0/8", 10, &problem));
	EXPECT(rule_add_port(&r, &arena, "80", 2, &problem) && rule_add_port(&r, &arena, "22", 2, &problem));
	EXPECT(rule_add_program(&r, &arena, "ssh", 3, &problem));
	EXPECT(matches(&r, &tcp));
	EXPECT(!matches(&r, &udp));
	EXPECT(!rule_fits(&r, &udp) && rule_fits_program(&r, &udp));
	EXPECT(!matches(&r, &(struct destination){.addr = &a, .program = "scp"}));
	EXPECT(!matches(&r, &(struct destination){.addr = &a}));
	a.port = 23;
	EXPECT(!matches(&r, &tcp));
	EXPECT(!rule_fits(&r, &tcp) && rule_fits_program(&r, &tcp));
	a.port = 22;
	a.ip[0] = 11;
	EXPECT(!matches(&r, &tcp));
	EXPECT(rule_fits(&r, &tcp));
	arena_free(&arena);
}

TEST("of the keys that do not match the first is told: host, port, program, protocol")
{
	struct rule r = {.protocol = RULE_UDP};
	struct addr a = {.kind = ADDR_IPV4, .ip = {11}, .port = 23};
	struct destination to = {.addr = &a, .program = "scp"};
	TEXT(problem, 256);

	EXPECT(rule_add_host(&r, &arena, "10.0.0.0/8", 10, &problem) && rule_add_port(&r, &arena, "22", 2, &problem) &&
	       rule_add_program(&r, &arena, "ssh", 3, &problem));
	EXPECT_INT(rule_mismatch(&r, &to), RULE_HOST);
	a.ip[0] = 10;
	EXPECT_INT(rule_mismatch(&r, &to), RULE_PORT);
	a.port = 22;
	EXPECT_INT(rule_mismatch(&r, &to), RULE_PROGRAM);
	to.program = "ssh";
	EXPECT_INT(rule_mismatch(&r, &to), RULE_PROTOCOL);
	to.udp = true;
	EXPECT_INT(rule_mismatch(&r, &to), RULE_NONE);
	arena_free(&arena);
}

TEST("an address matches a rule for the name that it was resolved from")
{
	struct rule r = {0};
	const struct addr a = {.kind = ADDR_IPV4, .ip = {10, 1, 2, 3}}, name = {.kind = ADDR_NAME, .name = "db.example.com"};
	TEXT(problem, 256);

	EXPECT(rule_add_host(&r, &arena, "*.example.com", 13, &problem));
	EXPECT(!matches(&r, &(struct destination){.addr = &a}));
	EXPECT(matches(&r, &(struct destination){.addr = &a, .origin = &name}));
	arena_free(&arena);
}
