/* SPDX-License-Identifier: MIT */
/* A configuration in, verdicts out. */
#include "tests/unit/conf/test_config.h"

#include "core/base/err.h"
#include "core/names/origin.h"

/* What is decided about each destination: a way, "here" (and of the server itself: "here, direct"), or an error's text. */
struct row {
	const char *where, *verdict;
};

static const char *verdict_text(const char *where)
{
	const struct verdict v = which_way(where);

	if (refused)
		return err_text(refused);
	return v.route->kind == ROUTE_HERE && v.chosen->kind == ROUTE_DIRECT ? "here, direct" : way(v.route);
}

static void expect(const char *settings, const struct row *rows)
{
	char text[2048];

	snprintf(text, sizeof(text), "[proxy p]\nurl = socks5://h\n[socksify]\nchain = p\n%s", settings);
	ini(text);
	EXPECT_STR(load(), "");
	for (; rows->where; rows++) {
		const char *const verdict = verdict_text(rows->where);
		if (strcmp(verdict, rows->verdict) != 0) {
			tap_failed = true;
			printf("# %s: '%s', not '%s'\n", rows->where, verdict, rows->verdict);
		}
	}
}

#define EXPECT_VERDICTS(settings, ...) expect(settings, (const struct row[]){__VA_ARGS__, {0}})

TEST("the first rule that matches decides, then loopback is direct, then the chain")
{
	enter();
	ini("[socksify]\nchain = p\n[proxy p]\nurl = socks5://h\n"
	    "[rule mail]\nport = 25\nvia = block\n"
	    "[rule corp]\nhost = 10.0.0.0/8,\n  *.corp.example.com ; and below\n  intranet\nvia = direct\n"
	    "[rule late]\nhost = 10.1.1.1\nvia = block\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(which_way("10.1.1.1").route), "direct");
	EXPECT_STR(which_way("10.1.1.1").rule->name, "corp");
	EXPECT_INT(which_way("10.1.1.1").rule->line, 8);
	EXPECT_STR(strrchr(which_way("10.1.1.1").rule->file, '/'), "/.socksify.ini");
	EXPECT_STR(way(which_way("10.1.1.1:25").route), "block");
	EXPECT_INT(refused, ERR_BLOCKED);
	EXPECT_STR(way(which_way("a.corp.example.com").route), "direct");
	EXPECT_STR(way(which_way("intranet").route), "direct");
	EXPECT_STR(way(which_way("example.com").route), "p");
	EXPECT(!which_way("example.com").rule && !which_way("example.com").loopback);
	EXPECT_STR(way(which_way("localhost").route), "direct");
	EXPECT(which_way("localhost").loopback && !which_way("localhost").rule);
	EXPECT_STR(way(which_way("127.0.0.1:25").route), "block");
	leave();
}

/* Documentation's addresses are in no resolv.conf, and stand here for servers that the user chose; the system's are at least on loopback. */
TEST("a query to a DNS server is taken here, but where a rule names the port, or nothing is hidden from DNS")
{
	enter();
	EXPECT_VERDICTS("", {"192.0.2.8:53/udp", "here"}, {"127.0.0.53:53/udp", "here, direct"}, {"192.0.2.8:53", "p"},
			{"127.0.0.53:53", "here, direct"}, {"192.0.2.8:54/udp", "p"});
	EXPECT(which_way("127.0.0.53:53").resolver && !which_way("192.0.2.8:53").resolver && !which_way("127.0.0.53:54").resolver);
	EXPECT_VERDICTS("dns = tcp\n", {"192.0.2.8:53/udp", "here"}, {"127.0.0.53:53", "here, direct"}, {"192.0.2.8:53", "p"});
	EXPECT_VERDICTS("dns = system\n", {"192.0.2.8:53/udp", "p"}, {"127.0.0.53:53/udp", "direct"}, {"192.0.2.8:53", "p"});
	EXPECT_VERDICTS("[rule lan]\nhost = 10.0.0.0/8\nvia = direct\n", {"10.0.0.1:53/udp", "here, direct"},
			{"10.0.0.1:53", "here, direct"});
	EXPECT_VERDICTS("[rule lan]\nhost = 10.0.0.0/8\nport = 53\nvia = direct\n", {"10.0.0.1:53/udp", "direct"},
			{"10.0.0.1:53", "direct"});
	EXPECT_VERDICTS("[rule stub]\nhost = 127.0.0.53\nvia = p\n", {"127.0.0.53:53/udp", "here"}, {"127.0.0.53:53", "here"});
	EXPECT_VERDICTS("dns = tcp\n[rule stub]\nhost = 127.0.0.53\nvia = p\n", {"127.0.0.53:53", "p"});
	EXPECT_VERDICTS("[rule no]\nhost = 192.0.2.8\nvia = block\n", {"192.0.2.8:53/udp", err_text(ERR_BLOCKED)});
	ini("[socksify]\nchain = direct\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(verdict_text("127.0.0.53:53/udp"), "direct");
	EXPECT_STR(verdict_text("192.0.2.8:53"), "direct");
	leave();
}

TEST("the key `udp` decides about datagrams that the rules send through a chain, and about no others")
{
	enter();
	EXPECT_VERDICTS("", {"192.0.2.1:9/udp", "p"}, {"224.0.0.251:5353/udp", err_text(ERR_UDP_GROUP)}, {"127.0.0.1:9/udp", "direct"});
	EXPECT_VERDICTS("udp = block\n", {"192.0.2.1:9/udp", err_text(ERR_UDP_BLOCKED)}, {"192.0.2.1:9", "p"},
			{"127.0.0.1:9/udp", "direct"}, {"192.0.2.8:53/udp", "here"});
	EXPECT_VERDICTS("udp = direct\n", {"192.0.2.1:9/udp", "direct"}, {"224.0.0.251:5353/udp", "direct"}, {"192.0.2.1:9", "p"},
			{"192.0.2.8:53/udp", "here"});
	leave();
}

TEST("a placeholder is decided about as the name that it stands for; one of no name goes nowhere")
{
	struct addr name = {.kind = ADDR_NAME, .name = "a.corp", .port = 9}, placeholder;
	struct verdict v;
	char directory[PATH_MAX + 32];

	enter();
	ini("[proxy p]\nurl = socks5://h\n[rule corp]\nhost = *.corp\nvia = direct\n");
	snprintf(directory, sizeof(directory), "XDG_RUNTIME_DIR=%s", home);
	EXPECT_STR(load_with(directory, NULL, NULL, NULL), "");
	placeholder_use(&config);
	EXPECT_INT(placeholder_put(&name, AF_INET, &placeholder), 0);
	struct addr target = placeholder;
	EXPECT_INT(decide(&(struct app){.config = &config}, &target, false, &v), 0);
	EXPECT(addr_equal(&target, &name));
	EXPECT_STR(v.rule->name, "corp");
	EXPECT(!decide_is_direct(&(struct app){.config = &config}, &placeholder, true));
	EXPECT_INT(address_decide(&(struct app){.config = &config}, &placeholder), NAME_HERE);
	placeholder.ip[3] ^= 1;
	EXPECT_INT(decide(&(struct app){.config = &config}, &placeholder, false, &v), ERR_NO_PLACEHOLDER);
	EXPECT(!v.route && !v.chosen && !v.rule);
	leave();
}

TEST("among the placeholders, an address that was looked up directly or that a rule names is real, but not by a rule for many")
{
	const struct app app = {.config = &config};
	const struct addr name = {.kind = ADDR_NAME, .name = "a.corp"}, found = {.kind = ADDR_IPV4, .ip = {198, 18, 9, 9}};
	struct addr named = {.kind = ADDR_IPV4, .ip = {198, 18, 9, 8}}, other = {.kind = ADDR_IPV4, .ip = {198, 18, 9, 7}},
		    target = found;
	struct verdict v;
	char directory[PATH_MAX + 32];

	enter();
	ini("[proxy p]\nurl = socks5://h\n[rule corp]\nhost = *.corp, 198.18.9.8\nvia = direct\n"
	    "[rule many]\nhost = 198.18.0.0/16, *\nvia = direct\n");
	snprintf(directory, sizeof(directory), "XDG_RUNTIME_DIR=%s", home);
	EXPECT_STR(load_with(directory, NULL, NULL, NULL), "");
	placeholder_use(&config);
	EXPECT_INT(decide(&app, &target, false, &v), ERR_NO_PLACEHOLDER);
	EXPECT_INT(address_decide(&app, &found), NAME_HERE);
	origin_put(&name, &found);
	EXPECT_INT(decide(&app, &target, false, &v), 0);
	EXPECT_STR(v.rule->name, "corp");
	EXPECT(addr_equal(&target, &found));
	EXPECT(decide_is_direct(&app, &found, true));
	EXPECT_INT(address_decide(&app, &found), NAME_DIRECT);
	EXPECT_INT(decide(&app, &named, false, &v), 0);
	EXPECT_INT(decide(&app, &other, false, &v), ERR_NO_PLACEHOLDER);
	EXPECT(!decide_is_direct(&app, &other, false));
	leave();
}

TEST("a rule for a name holds for the address that libc resolved it to")
{
	struct addr name = {.kind = ADDR_NAME, .name = "git.corp"}, address = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 77}};

	enter();
	EXPECT_VERDICTS("[rule corp]\nhost = *.corp\nvia = direct\n", {"192.0.2.77:9", "p"});
	origin_put(&name, &address);
	EXPECT_STR(verdict_text("192.0.2.77:9"), "direct");
	EXPECT(decide_is_direct(&(struct app){.config = &config}, &address, true));
	leave();
}

TEST("without a usable configuration nothing goes anywhere, and nothing is called direct")
{
	struct addr a = {.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}};
	const struct app none = {0};
	struct verdict v;

	EXPECT_INT(decide(&none, &a, false, &v), ERR_CONFIG);
	EXPECT(!app_is_direct(&none) && !app_dns_is_open(&none));
}

static enum name_verdict name_verdict(const char *name, const char *program)
{
	struct addr a;

	EXPECT(addr_parse_host(&a, name, strlen(name)));
	return name_decide(&(struct app){.config = &config, .program = program}, &a);
}

TEST("a name is left to libc only if every port and protocol of it goes direct")
{
	enter();
	ini("[socksify]\nchain = p\n[proxy p]\nurl = socks5://h\n"
	    "[rule a]\nhost = a\nport = 22\nvia = direct\n"
	    "[rule b1]\nhost = b\nport = 22\nvia = p\n[rule b2]\nhost = b\nvia = direct\n"
	    "[rule c1]\nhost = c\nprotocol = udp\nvia = direct\n[rule c2]\nhost = c\nvia = direct\n"
	    "[rule d]\nhost = d\nprogram = ssh\nvia = direct\n"
	    "[rule e]\nhost = e\nvia = block\n[rule e2]\nhost = e\nvia = direct\n");
	EXPECT_STR(load(), "");
	EXPECT_INT(name_verdict("a", NULL), NAME_HERE);
	EXPECT_INT(name_verdict("b", NULL), NAME_HERE);
	EXPECT_INT(name_verdict("c", NULL), NAME_DIRECT);
	EXPECT_INT(name_verdict("d", "ssh"), NAME_DIRECT);
	EXPECT_INT(name_verdict("d", "git"), NAME_HERE);
	EXPECT_INT(name_verdict("d", NULL), NAME_HERE);
	EXPECT_INT(name_verdict("e", NULL), NAME_HERE);
	EXPECT_INT(name_verdict("other", NULL), NAME_HERE);
	EXPECT_INT(name_verdict("localhost", NULL), NAME_LOCAL);
	EXPECT_STR(load_with("SOCKSIFY_CHAIN=direct", NULL, NULL, NULL), "");
	EXPECT_INT(name_verdict("other", NULL), NAME_DIRECT);
	EXPECT_INT(name_verdict("a", NULL), NAME_DIRECT);
	EXPECT_INT(name_verdict("b", NULL), NAME_HERE);
	leave();
}

TEST("the key `dns` says who answers for names that are proxied; no name server hears of an onion, or of loopback")
{
	const struct addr lan = {.kind = ADDR_IPV4, .ip = {10, 1, 1, 1}}, far = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 1}};
	static const struct {
		const char *dns;
		enum name_verdict name, address;
	} modes[] = {{"SOCKSIFY_DNS=remote", NAME_HERE, NAME_BY_DNS},
		     {"SOCKSIFY_DNS=tcp", NAME_BY_DNS, NAME_BY_DNS},
		     {"SOCKSIFY_DNS=system", NAME_SYSTEM, NAME_SYSTEM}};

	enter();
	ini("[proxy p]\nurl = socks5://h\n[rule lan]\nhost = 10.0.0.0/8, *.lan\nvia = direct\n");
	for (int i = 0; i < 3; i++) {
		EXPECT_STR(load_with(modes[i].dns, NULL, NULL, NULL), "");
		const struct app app = {.config = &config};
		placeholder_use(&config);
		EXPECT_INT(name_verdict("example.com", NULL), modes[i].name);
		EXPECT_INT(name_verdict("nas.lan", NULL), NAME_DIRECT);
		EXPECT_INT(name_verdict("x.onion", NULL), NAME_HERE);
		EXPECT_INT(name_verdict("localhost", NULL), NAME_LOCAL);
		EXPECT_INT(name_decide_proxied(&app, &(struct addr){.kind = ADDR_NAME, .name = "nas.lan"}), modes[i].name);
		EXPECT_INT(address_decide(&app, &far), modes[i].address);
		EXPECT_INT(address_decide(&app, &lan), NAME_DIRECT);
		EXPECT_INT(address_decide(&app, &(struct addr){.kind = ADDR_IPV6, .ip = {[15] = 1}}), NAME_LOCAL);
	}
	leave();
}

TEST("the way to `dns_server` is that of a rule for it, or else of the chain that a rule gives the name in question")
{
	const struct addr onion = {.kind = ADDR_NAME, .name = "x.onion"}, near = {.kind = ADDR_NAME, .name = "nas.lan"};
	const struct app app = {.config = &config};

	enter();
	EXPECT_VERDICTS(
		"[proxy tor]\nurl = socks5://t\n[rule onion]\nhost = *.onion\nvia = tor\n[rule lan]\nhost = *.lan\nvia = direct\n",
		{"9.9.9.9:9", "p"});
	EXPECT_STR(way(decide_dns_server(&app, NULL)), "p");
	EXPECT_STR(way(decide_dns_server(&app, &onion)), "tor");
	EXPECT_STR(way(decide_dns_server(&app, &near)), "p");
	EXPECT_VERDICTS("dns_server = 10.0.0.53\n[rule lan]\nhost = 10.0.0.0/8\nvia = block\n[rule x]\nhost = *.onion\nvia = p\n",
			{"9.9.9.9:9", "p"});
	EXPECT_STR(way(decide_dns_server(&app, &onion)), "block");
	leave();
}
