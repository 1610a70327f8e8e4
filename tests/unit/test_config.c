#include "test_config.h"

#include <netinet/in.h>

TEST("an almost empty file gives the defaults")
{
	enter();
	ini("[proxy tor]\nurl = socks5://127.0.0.1:9050\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(strrchr(config.source, '/'), "/.socksify.ini");
	EXPECT_STR(way(config.chain), "tor");
	EXPECT_INT(config.udp, UDP_PROXY);
	EXPECT_INT(config.timeout_ms, 15000);
	EXPECT_INT(config.hop_timeout_ms, 8000);
	EXPECT_INT(config.log, LOG_ERROR);
	EXPECT(!config.log_file);
	EXPECT_INT(config.placeholder_ipv4_prefix, 15);
	EXPECT_INT(config.placeholder_ipv6_prefix, 64);
	char text[ADDR_TEXT];
	EXPECT_STR(addr_string(&config.placeholder_ipv4, text), "198.18.0.0");
	EXPECT_STR(addr_string(&config.placeholder_ipv6, text), "fd53:6f63:6b73::");
	leave();
}

TEST("every setting of [socksify] arrives")
{
	enter();
	ini("[socksify]\nchain = block\nudp = block\ntimeout = 250ms\nhop_timeout = 2m\nlog = "
	    "trace\nlog_file = logs/x\n"
	    "placeholder_ipv4 = 10.99.7.1/16\nplaceholder_ipv6 = fd00:1::1/48\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "block");
	EXPECT_INT(config.udp, UDP_BLOCK);
	EXPECT_INT(config.timeout_ms, 250);
	EXPECT_INT(config.hop_timeout_ms, 120000);
	EXPECT_INT(config.log, LOG_TRACE);
	EXPECT(strncmp(config.log_file, home, strlen(home)) == 0);
	EXPECT_STR(config.log_file + strlen(home), "/logs/x");
	char text[ADDR_TEXT];
	EXPECT_STR(addr_string(&config.placeholder_ipv4, text), "10.99.0.0");
	EXPECT_INT(config.placeholder_ipv4_prefix, 16);
	EXPECT_STR(addr_string(&config.placeholder_ipv6, text), "fd00:1::");
	EXPECT_INT(config.placeholder_ipv6_prefix, 48);
	leave();
}

TEST("writing the default of a key whose feature is still to come is fine")
{
	enter();
	ini("[socksify]\ndns = remote\nudp = proxy\nisolate = none\nprefer = any\nlog_format = "
	    "text\nlog_file =\n"
	    "[proxy p]\nurl = socks5://h\npipeline = no\nfast_open = no\n[chain default]\nhops = p\nmode = "
	    "strict\n");
	EXPECT_STR(load(), "");
	leave();
}

TEST("without a `chain` key it is the chain or proxy called default, else the only proxy")
{
	enter();
	ini("[proxy a]\nurl = socks5://a\n[proxy b]\nurl = socks5://b\n[chain default]\nhops = b, a\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "b,a");
	ini("[proxy a]\nurl = socks5://a\n[proxy default]\nurl = socks5://b\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "default");
	ini("[proxy a]\nurl = socks5://a\n[proxy b]\nurl = socks5://b\n");
	EXPECT_STR(load(), "~/.socksify.ini: [socksify] has no 'chain': 'chain = NAME' says where to go\n");
	ini("[proxy a]\nurl = socks5://a\n[chain c]\nhops = a\n");
	EXPECT_STR(load(), "~/.socksify.ini: [socksify] has no 'chain': 'chain = NAME' says where to go\n");
	ini("");
	EXPECT_STR(load(), "~/.socksify.ini: no proxy is given: write a [proxy NAME] with its 'url'\n");
	leave();
}

TEST("chains may stand before what they name, and are flattened")
{
	enter();
	ini("[socksify]\nchain = outer\n[chain outer]\nhops = c, inner, c\n[chain inner]\nhops = a, b\n"
	    "[proxy a]\nurl = socks5://a\n[proxy b]\nurl = http://b\n[proxy c]\nurl = socks4a://c\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "c,a,b,c");
	EXPECT_STR(config.chain->name, "outer");
	EXPECT_STR(way(config_route(&config, "inner", 5)), "a,b");
	EXPECT_STR(way(config_route(&config, "b", 1)), "b");
	EXPECT_STR(way(config_route(&config, "direct", 6)), "direct");
	EXPECT_STR(way(config_route(&config, "block!", 5)), "block");
	EXPECT(!config_route(&config, "nobody", 6));
	EXPECT_STR(config.proxies->name, "a");
	EXPECT_STR(config.proxies->next->next->name, "c");
	EXPECT_STR(config.chains->name, "outer");
	leave();
}

TEST("user name and password come from the URL, from keys, or from both")
{
	enter();
	put("secret", 0600, "p from file\r\nsecond line\n", 26);
	ini("[proxy default]\nusername = bob\npassword = hunter2 ; not this\nurl = socks5://h\n"
	    "[proxy b]\nurl = socks5://me%40corp@h\npassword_file = secret\n"
	    "[proxy c]\nurl = http://h\nusername = only\n"
	    "[proxy d]\nurl = http://h\nusername = u\npassword_file = ~/secret\n");
	EXPECT_STR(load(), "");
	const struct proxy *p = config.proxies;
	EXPECT_STR(p->username, "bob");
	EXPECT_STR(p->password, "hunter2");
	EXPECT(p->has_credentials);
	p = p->next;
	EXPECT_STR(p->username, "me@corp");
	EXPECT_STR(p->password, "p from file");
	p = p->next;
	EXPECT_STR(p->username, "only");
	EXPECT_STR(p->password, "");
	EXPECT(p->has_credentials);
	EXPECT_STR(p->next->password, "p from file");
	leave();
}

TEST("the first rule that matches decides, then loopback is direct, then the chain")
{
	enter();
	ini("[socksify]\nchain = p\n[proxy p]\nurl = socks5://h\n"
	    "[rule mail]\nport = 25\nvia = block\n"
	    "[rule corp]\nhost = 10.0.0.0/8,\n  *.corp.example.com ; and below\n  intranet\nvia = direct\n"
	    "[rule late]\nhost = 10.1.1.1\nvia = block\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(decide("10.1.1.1").route), "direct");
	EXPECT_STR(decide("10.1.1.1").rule->name, "corp");
	EXPECT_INT(decide("10.1.1.1").rule->line, 8);
	EXPECT_STR(strrchr(decide("10.1.1.1").rule->file, '/'), "/.socksify.ini");
	EXPECT_STR(way(decide("10.1.1.1:25").route), "block");
	EXPECT_STR(way(decide("a.corp.example.com").route), "direct");
	EXPECT_STR(way(decide("intranet").route), "direct");
	EXPECT_STR(way(decide("example.com").route), "p");
	EXPECT(!decide("example.com").rule && !decide("example.com").loopback);
	EXPECT_STR(way(decide("localhost").route), "direct");
	EXPECT(decide("localhost").loopback && !decide("localhost").rule);
	EXPECT_STR(way(decide("127.0.0.1:25").route), "block");
	leave();
}

static bool name_is_direct(const char *name, const char *program)
{
	struct addr a;

	EXPECT(addr_parse_host(&a, name, strlen(name)));
	return config_name_is_direct(&config, &(struct destination){.addr = &a, .program = program});
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
	EXPECT(!name_is_direct("a", NULL));
	EXPECT(!name_is_direct("b", NULL));
	EXPECT(name_is_direct("c", NULL));
	EXPECT(name_is_direct("d", "ssh"));
	EXPECT(!name_is_direct("d", "git"));
	EXPECT(!name_is_direct("d", NULL));
	EXPECT(!name_is_direct("e", NULL));
	EXPECT(!name_is_direct("other", NULL));
	EXPECT(name_is_direct("localhost", NULL));
	EXPECT_STR(load_with("SOCKSIFY_CHAIN=direct", NULL, NULL, NULL), "");
	EXPECT(name_is_direct("other", NULL));
	EXPECT(name_is_direct("a", NULL));
	EXPECT(!name_is_direct("b", NULL));
	leave();
}

TEST("Windows line ends, a byte order mark, '#' comments and a missing last line end are all read")
{
	enter();
	ini("\xef\xbb\xbf[socksify]\r\n# comment\r\nchain = p\r\n\r\n  ; indented comment\r\n[proxy p] ; "
	    "why\r\n  url: socks5://h");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "p");
	leave();
}

TEST("a list goes on over indented lines, with or without commas at their ends")
{
	enter();
	ini("[proxy a]\nurl = socks5://a\n[proxy b]\nurl = socks5://b\n[chain default]\nhops =\n  a,\n\n\tb "
	    "; a = b\n  a, b\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "a,b,a,b");
	leave();
}

TEST("a line may be 4093 bytes long, a key and a name as long as they like")
{
	enter();
	char text[6000] = "[proxy p]\nurl = socks5://h\n[rule r]\nvia = p\nprogram = ";
	const size_t n = strlen(text);
	memset(text + n, 'x', 4093 - strlen("program = "));
	ini(text);
	EXPECT_STR(load(), "");
	EXPECT_INT(strlen(config.rules->programs->glob), 4093 - strlen("program = "));
	leave();
}

TEST("a configuration that was given back is empty")
{
	enter();
	ini("[proxy p]\nurl = socks5://h\n");
	EXPECT_STR(load(), "");
	config_free(&config);
	EXPECT(!config.chain && !config.proxies && !config.source);
	leave();
}

TEST("names may be looked up by DNS over TCP at a server of the user's choice, or as without socksify")
{
	enter();
	ini("[socksify]\ndns = tcp\ndns_server = [2001:db8::53]:5353\n[proxy p]\nurl = socks5://h\n");
	EXPECT_STR(load(), "");
	EXPECT_INT(config.dns, DNS_TCP);
	char text[ADDR_TEXT];
	EXPECT_STR(addr_string(&config.dns_server, text), "[2001:db8::53]:5353");
	ini("[socksify]\ndns = system\n[proxy p]\nurl = socks5://h\n");
	EXPECT_STR(load(), "");
	EXPECT_INT(config.dns, DNS_SYSTEM);
	EXPECT_STR(addr_string(&config.dns_server, text), "9.9.9.9:53");
	leave();
}
