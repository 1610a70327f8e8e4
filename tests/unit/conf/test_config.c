/* SPDX-License-Identifier: MIT */
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
	EXPECT_STR(addr_string(&config.placeholder_ipv6, text), "2001:2::");
	leave();
}

TEST("every setting of [socksify] arrives")
{
	enter();
	ini("[socksify]\nchain = block\nudp = block\nudp_relay = any\ntimeout = 250ms\nhop_timeout = 2m\nlog = "
	    "trace\nlog_file = logs/x\n"
	    "placeholder_ipv4 = 10.99.7.1/16\nplaceholder_ipv6 = fd00:1::1/48\n");
	EXPECT_STR(load(), "");
	EXPECT_STR(way(config.chain), "block");
	EXPECT_INT(config.udp, UDP_BLOCK);
	EXPECT_INT(config.udp_relay, UDP_RELAY_ANY);
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
	    "[proxy p]\nurl = socks5://h\n[chain default]\nhops = p\nmode = "
	    "strict\n");
	EXPECT_STR(load(), "");
	leave();
}

TEST("whether a proxy is pipelined is found out unless it is said; it is opened fast only if that is said")
{
	enter();
	ini("[proxy a]\nurl = socks5://a\n[proxy b]\nurl = http://b\npipeline = yes\nfast_open = yes\n"
	    "[proxy default]\nurl = socks5://c\npipeline = no\nfast_open = no\n");
	EXPECT_STR(load(), "");
	const struct proxy *const a = config.proxies, *const b = a->next;
	EXPECT(a->pipeline == PIPELINE_AUTO && !a->fast_open);
	EXPECT(b->pipeline == PIPELINE_YES && b->fast_open);
	EXPECT(b->next->pipeline == PIPELINE_NO && !b->next->fast_open);
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

TEST("a chain that chooses keeps its members; one that does not is a single path, whatever it is made of")
{
	static const char *const modes[] = {"strict", "dynamic", "random", "round-robin", "failover", "fastest"};

	enter();
	for (int i = 0; i < 6; i++) {
		char text[512];
		snprintf(text, sizeof(text),
			 "[proxy p]\nurl = socks5://p\n[chain one]\nhops = p, p\nmode = %s\n"
			 "[chain default]\nhops = p, one\n",
			 modes[i]);
		ini(text);
		EXPECT_STR(load(), "");
		const struct route *const one = config_route(&config, "one", 3);
		EXPECT_INT(one->mode, i);
		EXPECT_INT(one->length, 1);
		EXPECT_INT(route_is_plain(one), i == CHAIN_STRICT);
		EXPECT_INT(route_is_plain(config.chain), i == CHAIN_STRICT);
		EXPECT_INT(route_longest(config.chain), i <= CHAIN_DYNAMIC ? 3 : 2);
		EXPECT_STR(way(config.chain), "p,p,p");
	}
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
