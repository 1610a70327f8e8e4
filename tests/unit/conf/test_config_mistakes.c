/* SPDX-License-Identifier: MIT */
#include "test_config.h"

#define P "[proxy p]\nurl = socks5://h\n" /* lines 1 and 2 */
#define F "~/.socksify.ini line "
#define S "[socksify]\nchain = p\n" P /* lines 1 to 4 */
#define HOST_MEANT ": an address, ADDRESS/BITS, a name, *.DOMAIN or * was meant\n"

static const struct {
	const char *text, *problems;
} mistakes[] = {
	/* lines */
	{P "nonsense\n", F "3: neither a [section] nor 'key = value'\n"},
	{P "nonsense ; a = b\n", F "3: neither a [section] nor 'key = value'\n"},
	{P "= x\n", F "3: no key stands before the '='\n"},
	{P "pipeline = no\n  = x\n", F "4: an indented line continues the key before it; a key begins at the start of its line\n"},
	{P "  username = x\n", F "3: an indented line continues the key before it; a key begins at the start of its line\n"},
	{P "  more\n", F "3: 'url' takes one value: an indented line cannot continue it\n"},
	{"[chain c]\nhops = p\n  [proxy p]\n", F "3: a section begins at the start of its line\n" F "2: unknown chain or proxy 'p'\n"},
	{"url = x\n" P, F "1: 'url' stands before the first [section]\n"},

	/* sections */
	{P "[proxy q\nurl = x\n", F "3: the section's ']' is missing\n"},
	{P "[proxy ;q]\n", F "3: a ';' in the section's name\n"},
	{P "[proxy q] x\n", F "3: nothing may follow the section's ']'\n"},
	{P "[proxy 01234567890123456789012345678901234567890123]\n", F "3: the section's name is longer than 49 bytes\n"},
	{P "[prxoy q]\nurl = x\n", F "3: unknown section [prxoy q]; did you mean 'proxy'?\n"},
	{P "[Socksify]\n", F "3: unknown section [Socksify]; did you mean 'socksify'?\n"},
	{P "[ProxyList]\n", F "3: unknown section [ProxyList]\n"},
	{P "[]\n", F "3: unknown section []\n"},
	{P "[socksify x]\n", F "3: [socksify] takes no name\n"},
	{P "[proxy]\n", F "3: [proxy] needs a name: [proxy NAME]\n"},
	{P "[rule ]\n", F "3: [rule] needs a name: [rule NAME]\n"},
	{P "[rule a b]\n", F "3: bad name 'a b': letters, digits, '.', '_' and '-' make a name\n"},
	{P "[proxy a,b]\n", F "3: bad name 'a,b': letters, digits, '.', '_' and '-' make a name\n"},
	{P "[proxy direct]\n", F "3: [proxy direct]: 'direct' is a reserved name\n"},
	{P "[chain block]\n", F "3: [chain block]: 'block' is a reserved name\n"},
	{P P, F "3: [proxy p] stands twice, first on line 1\n"},
	{S "[socksify]\n", F "5: [socksify] stands twice, first on line 1\n"},
	{S "[chain p]\nhops = p\n", F "5: 'p' names both a [proxy] and a [chain]\n" F "6: 'p' leads back to [chain p]\n"},
	{"[proxy x]\n", F "1: [proxy x] has no 'url'\n"},
	{S "[chain x]\n", F "5: [chain x] has no 'hops'\n"},
	{S "[rule x]\n", F "5: [rule x] has no 'via'\n"},

	/* placeholders */
	{"[proxy p]\nurl = socks5://198.19.0.1\n",
	 "~/.socksify.ini: proxy '198.19.0.1:1080' lies in a range of placeholders: 'placeholder_ipv4' sets another\n"},
	{S "[proxy q]\nurl = socks5://[2001:2::9]\n",
	 "~/.socksify.ini: proxy '[2001:2::9]:1080' lies in a range of placeholders: 'placeholder_ipv6' sets another\n"},
	{"[socksify]\ndns_server = 10.1.0.9\nplaceholder_ipv4 = 10.1.0.0/16\n" P,
	 "~/.socksify.ini: dns_server '10.1.0.9:53' lies in a range of placeholders: 'placeholder_ipv4' sets another\n"},

	/* keys */
	{"[socksify]\nchian = p\n" P, F "2: unknown key 'chian' in [socksify]; did you mean 'chain'?\n"},
	{P "chian = p\n", F "3: unknown key 'chian' in [proxy p]; did you mean 'chain'?\n"},
	{P "Username = p\n", F "3: unknown key 'Username' in [proxy p]; did you mean 'username'?\n"},
	{S "[rule r]\nvia = p\nhosts = a\n", F "7: unknown key 'hosts' in [rule r]; did you mean 'host'?\n"},
	{P "via = p\n", F "3: unknown key 'via' in [proxy p]; it belongs in [rule NAME]\n"},
	{P "timeout = 1s\n", F "3: unknown key 'timeout' in [proxy p]; it belongs in [socksify]\n"},
	{P "zebra = p\n  more\n", F "3: unknown key 'zebra' in [proxy p]\n"},
	{P "a_key_that_is_longer_than_the_fifty_bytes_that_inih_keeps_of_it = p\n",
	 F "3: unknown key 'a_key_that_is_longer_than_the_fifty_bytes_that_inih_keeps_of_it' in [proxy p]\n"},
	{P "url = socks5://i\n", F "3: 'url' stands twice in [proxy p], first on line 2\n"},
	{"[proxy p]\nurl =\n", F "2: 'url' is empty\n"},
	{S "[chain c]\nhops =\n", F "6: 'hops' is empty\n"},
	{S "[chain c]\nhops = ,p\n", F "6: an empty item in 'hops'\n"},
	{S "[chain c]\nhops = p\n p,,p\n", F "7: an empty item in 'hops'\n"},

	/* [socksify] */
	{"[socksify]\nchain = q\n" P, F "2: unknown chain or proxy 'q'\n"},
	{"[socksify]\nchain = dirct\n" P, F "2: unknown chain or proxy 'dirct'; did you mean 'direct'?\n"},
	{"[socksify]\nchain = ofice\n[proxy office]\nurl = socks5://h\n",
	 F "2: unknown chain or proxy 'ofice'; did you mean 'office'?\n"},
	{S "[rule r]\nvia = Default\n[chain default]\nhops = p\n", F "6: unknown chain or proxy 'Default'; did you mean 'default'?\n"},
	{"[socksify]\ntimeout = 5x\n" P, F "2: bad duration '5x': ms, s or m was meant\n"},
	{"[socksify]\ntimeout = 15\n" P, F "2: bad duration '15': ms, s or m was meant\n"},
	{"[socksify]\ntimeout = s\n" P, F "2: bad duration 's': ms, s or m was meant\n"},
	{"[socksify]\ntimeout = -1s\n" P, F "2: bad duration '-1s': ms, s or m was meant\n"},
	{"[socksify]\ntimeout = 1.5s\n" P, F "2: bad duration '1.5s': ms, s or m was meant\n"},
	{"[socksify]\nhop_timeout = 0s\n" P, F "2: bad duration '0s': 1ms to 1440m was meant\n"},
	{"[socksify]\ntimeout = 1441m\n" P, F "2: bad duration '1441m': 1ms to 1440m was meant\n"},
	{"[socksify]\ntimeout = 99999999999999999999s\n" P, F "2: bad duration '99999999999999999999s': 1ms to 1440m was meant\n"},
	{"[socksify]\nlog = loud\n" P, F "2: bad log 'loud': silent, error, info, debug or trace was meant\n"},
	{"[socksify]\nlog = dbug\n" P, F "2: bad log 'dbug'; did you mean 'debug'?\n"},
	{"[socksify]\nudp = yes\n" P, F "2: bad udp 'yes': proxy, block or direct was meant\n"},
	{"[socksify]\nudp_relay = all\n" P, F "2: bad udp_relay 'all': proxy or any was meant\n"},
	{"[socksify]\nplaceholder_ipv4 = 198.18.0.0\n" P, F "2: bad IPv4 range '198.18.0.0': ADDRESS/BITS was meant\n"},
	{"[socksify]\nplaceholder_ipv4 = fd00::/64\n" P, F "2: bad IPv4 range 'fd00::/64': ADDRESS/BITS was meant\n"},
	{"[socksify]\nplaceholder_ipv4 = *\n" P, F "2: bad IPv4 range '*': ADDRESS/BITS was meant\n"},
	{"[socksify]\nplaceholder_ipv4 = 10.0.0.0/30\n" P, F "2: bad IPv4 range '10.0.0.0/30': /8 to /24 was meant\n"},
	{"[socksify]\nplaceholder_ipv4 = 127.0.0.0/8\n" P, F "2: bad IPv4 range '127.0.0.0/8': it has a meaning of its own\n"},
	{"[socksify]\nplaceholder_ipv4 = 224.0.0.0/8\n" P, F "2: bad IPv4 range '224.0.0.0/8': it has a meaning of its own\n"},
	{"[socksify]\nplaceholder_ipv6 = 10.0.0.0/8\n" P, F "2: bad IPv6 range '10.0.0.0/8': ADDRESS/BITS was meant\n"},
	{"[socksify]\nplaceholder_ipv6 = fd00::/121\n" P, F "2: bad IPv6 range 'fd00::/121': /8 to /120 was meant\n"},
	{"[socksify]\nplaceholder_ipv6 = ff00::/8\n" P, F "2: bad IPv6 range 'ff00::/8': it has a meaning of its own\n"},

	/* not yet, and malformed all the same */
	{"[socksify]\ndns = dnssec\n" P, F "2: bad dns 'dnssec': remote, tcp or system was meant\n"},
	{"[socksify]\ndns_server = 9.9.9\n" P, F "2: bad dns_server '9.9.9': HOST or HOST:PORT was meant\n"},
	{"[socksify]\nisolate = host\n" P, F "2: bad isolate 'host': none, process, destination or connection was meant\n"},
	{"[socksify]\nprefer = ipv5\n" P, F "2: bad prefer 'ipv5'; did you mean 'ipv4'?\n"},
	{P "pipeline = on\n", F "3: bad pipeline 'on'; did you mean 'no'?\n"},
	{P "pipeline = always\n", F "3: bad pipeline 'always': auto, no or yes was meant\n"},
	{P "fast_open = maybe\n", F "3: bad fast_open 'maybe': no or yes was meant\n"},
	{"[proxy p]\nurl = ssh://me@h\npassword = x\n",
	 F "1: [proxy p]: ssh takes no password from here: it asks for one on a terminal, and prefers keys\n"},
	{S "[chain c]\nhops = p\nmode = stritc\n", F "7: bad mode 'stritc'; did you mean 'strict'?\n"},
	{S "[chain c]\nhops = p\nmode = round-robbin\n", F "7: bad mode 'round-robbin'; did you mean 'round-robin'?\n"},
	{S "[chain c]\nhops = p\nmode = best\n",
	 F "7: bad mode 'best': strict, dynamic, random, round-robin, failover or fastest was meant\n"},
	{S "[chain c]\nhops = p\nlength = 1\n", F "7: 'length' is for 'mode = random' and 'mode = round-robin'\n"},
	{S "[chain c]\nlength = 1\nhops = p\nmode = failover\n", F "6: 'length' is for 'mode = random' and 'mode = round-robin'\n"},
	{S "[chain c]\nhops = p\nmode = random\nlength = 2\n", F "8: bad length '2': [chain c] has 1 hop\n"},
	{S "[chain c]\nhops = p\nlength = two\n", F "7: bad length 'two': 1 to 64 was meant\n"},
	{S "[chain c]\nhops = p\nlength = 65\n", F "7: bad length '65': 1 to 64 was meant\n"},

	/* [proxy NAME] */
	{"[proxy p]\nurl = sock5://h\n", F "2: unknown scheme 'sock5'; did you mean 'socks5'?\n"},
	{"[proxy p]\nurl = socks5://u:SECRET@h:0\n", F "2: bad port after 'h': 1 to 65535 was meant\n"},
	{"[proxy p]\nurl = socks5://u@h\n", F "1: [proxy p]: socks5 takes a user name and a password, 1 to 255 bytes of each\n"},
	{P "password = SECRET\n", F "1: [proxy p]: a password without a user name\n"},
	{"[proxy p]\nurl = socks4://u@h\npassword = SECRET\n", F "1: [proxy p]: socks4 takes a user name but no password\n"},
	{"[proxy p]\nurl = http://h\nusername = a:b\n", F "1: [proxy p]: http takes a user name without ':'\n"},
	{"[proxy p]\nurl = socks5://u:SECRET@h\nusername = v\npassword = SECRET\n",
	 F "3: a second user name\n" F "4: a second password\n"},
	{"[proxy p]\nusername = v\nurl = socks5://u:SECRET@h\n", F "3: a second user name\n"},
	{P "password_command = echo x\n", F "1: [proxy p]: a password_command without a user name\n"},
	{P "username = u\npassword = SECRET\npassword_command = echo x\n", F "1: [proxy p]: a password and a password_command\n"},
	{P "username = u\npassword_file = nowhere\n", F "4: cannot read password_file '~/nowhere': no such file\n"},
	{P "username = u\npassword_file = /\n", F "4: cannot read password_file '/': not a regular file\n"},
	{P "username = u\npassword_file = /dev/null\n", F "4: no password on the first line of password_file '/dev/null'\n"},

	/* [chain NAME] */
	{S "[chain c]\nhops = p, q\n", F "6: unknown chain or proxy 'q'\n"},
	{S "[chain c]\nhops = direct\n", F "6: 'direct' cannot be a hop\n"},
	{S "[chain c]\nhops = p, block\n", F "6: 'block' cannot be a hop\n"},
	{S "[chain c]\nhops = c\n", F "6: 'c' leads back to [chain c]\n"},
	{S "[chain a]\nhops = p,\n  b\n[chain b]\nhops = a\n", F "9: 'a' leads back to [chain b]\n"},
	{S "[proxy u]\nurl = socks5+unix:///x\n[chain c]\nhops = p, u\n", F "8: 'u': a unix socket can only be the first hop\n"},
	{S "[proxy u]\nurl = socks5+unix:///x\n[chain c]\nhops = u, p\nmode = random\nlength = 2\n",
	 F "8: 'u': a unix socket can only be the first hop\n"},
	{S "[proxy u]\nurl = socks5+unix:///x\n[chain c]\nhops = p, u\nmode = failover\n[chain d]\nhops = p, c\n",
	 F "11: 'c': a unix socket can only be the first hop\n"},
	{S "[chain a]\nhops = p, b\nmode = failover\n[chain b]\nhops = a\nmode = random\n", F "9: 'a' leads back to [chain b]\n"},

	/* [rule NAME] */
	{"[socksify]\nchain = a, b\n" P, F "2: unknown chain or proxy 'a, b'; several hops are the 'hops' of a [chain NAME]\n"},
	{"[socksify]\nchain = /etc/x\n" P, F "2: unknown chain or proxy '/etc/x'; a file is given with -f\n"},
	{"[socksify]\nchain = socks5://u:SECRET@h\n" P,
	 F "2: a chain's or proxy's name was meant, not a URL: that is the 'url' of a [proxy NAME]\n"},
	{S "[rule r]\nvia = nobody\n", F "6: unknown chain or proxy 'nobody'\n"},
	{S "[rule r]\nvia = p\nhost = 10.0.0.0/33\n", F "7: bad host '10.0.0.0/33'" HOST_MEANT},
	{S "[rule r]\nvia = p\nhost = a,\n  .b\n  c d\n", F "8: bad host '.b'; did you mean '*.b'?\n" F "9: bad host 'c d'" HOST_MEANT},
	{S "[rule r]\nvia = p\nport = 22 80\n", F "7: bad port '22 80': 1 to 65535 or FIRST-LAST was meant\n"},
	{S "[rule r]\nvia = p\nport = 9-8\n", F "7: bad port '9-8': it ends before it begins\n"},
	{S "[rule r]\nvia = p\nprotocol = icmp\n", F "7: bad protocol 'icmp': tcp or udp was meant\n"},
	{S "[rule r]\nvia = p\nprotocol = tpc\n", F "7: bad protocol 'tpc'; did you mean 'tcp'?\n"},
	{S "[rule r]\nvia = p\nprogram = /bin/sh\n", F "7: bad program '/bin/sh': a name was meant, not a path\n"},

	/* what comes from the file cannot play tricks with the terminal */
	{P "a\x1b[2Jb = x\n", F "3: unknown key 'a?[2Jb' in [proxy p]\n"},

	/* every mistake, not just the first */
	{"[socksify]\nchain = q\ntimeout = 5\nfoo = bar\n[proxy p]\nurl = x\n[rule r]\nport = 0\nvia = "
	 "z\n[what]\n",
	 F "4: unknown key 'foo' in [socksify]\n" F "10: unknown section [what]\n" F
	   "6: a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080\n" F
	   "8: bad port '0': 1 to 65535 or FIRST-LAST was meant\n" F "9: unknown chain or proxy 'z'\n" F
	   "2: unknown chain or proxy 'q'\n" F "3: bad duration '5': ms, s or m was meant\n"},
};

TEST("each mistake in a file has its own message, with its line")
{
	enter();
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		ini(mistakes[i].text);
		EXPECT_STR(load(), mistakes[i].problems);
		EXPECT(!strstr(shown, "SECRET"));
	}
	leave();
}

TEST("no message tells a password, wherever a line went wrong")
{
	static const char *const cases[] = {
		"[proxy p]\nurl = socks5://u:SECRET\n",     "[proxy p]\nurl = u:SECRET@h\n",
		"[proxy p]\nurl = socks5://u:SECRET@h:x\n", "[proxy p]\nurl = socks5://u@w:SEC/SECRET@h\n",
		"[proxy p]\nurl = socks5://u:%SECRET@h\n",  "[proxy p]\npassword SECRET\n",
		P "password = a\npassword = SECRET\n",      P "username = u\npassword = a\n  SECRET\n",
	};

	enter();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ini(cases[i]);
		EXPECT(load()[0] != '\0');
		EXPECT(!strstr(shown, "SEC"));
	}
	leave();
}

TEST("a line longer than 4093 bytes is a mistake, and the next one is read as usual")
{
	char text[6000] = P "#";
	size_t n = strlen(text);

	enter();
	memset(text + n, 'x', 4093);
	strcpy(text + n + 4093, "\nfoo = bar\n");
	ini(text);
	EXPECT_STR(load(), F "3: the line is longer than 4093 bytes\n" F "4: unknown key 'foo' in [proxy p]\n");
	leave();
}

TEST("a NUL in a line is a mistake, not its end")
{
	static const char text[] = P "username = a\0b\n";

	enter();
	put(".socksify.ini", 0600, text, sizeof(text) - 1);
	EXPECT_STR(load(), F "3: the line contains a NUL\n");
	leave();
}

TEST("a password longer than 255 bytes is a mistake, in the file and beside it")
{
	char text[1024];

	enter();
	snprintf(text, sizeof(text), P "username = u\npassword = %0256d\n", 0);
	ini(text);
	EXPECT_STR(load(), F "4: the password is longer than 255 bytes\n");
	snprintf(text, sizeof(text), "%0256d\n", 0);
	put("secret", 0600, text, strlen(text));
	ini(P "username = u\npassword_file = secret\n");
	EXPECT_STR(load(), F "4: the password is longer than 255 bytes\n");
	leave();
}

TEST("a chain has at most 64 proxies, however it is put together")
{
	enter();
	ini(S "[chain a]\nhops = p,p,p,p,p,p,p,p\n[chain b]\nhops = a,a,a,a,a,a,a,a\n");
	EXPECT_STR(load(), "");
	EXPECT_INT(config_route(&config, "b", 1)->n, 64);
	ini(S "[chain a]\nhops = p,p,p,p,p,p,p,p\n[chain b]\nhops = a,a,a,a,a,a,a,a,p,q\n");
	EXPECT_STR(load(), F "8: [chain b] has more than 64 proxies\n");
	ini(S "[chain a]\nhops = p,p,p,p,p,p,p,p\n[chain b]\nhops = a,a,a,a,a,a,a,a,a\nmode = random\nlength = 9\n");
	EXPECT_STR(load(), F "8: [chain b] has more than 64 proxies in one path\n");
	leave();
}

TEST("a chain may choose from 512 proxies")
{
	enter();
	ini(S
	    "[chain a]\nhops = p,p,p,p,p,p,p,p\n[chain b]\nhops = a,a,a,a,a,a,a,a\n"
	    "[chain c]\nhops = b,b,b,b,b,b,b,b\nmode = random\n");
	EXPECT_STR(load(), "");
	EXPECT_INT(config_route(&config, "c", 1)->n, 512);
	ini(S
	    "[chain a]\nhops = p,p,p,p,p,p,p,p\n[chain b]\nhops = a,a,a,a,a,a,a,a\n"
	    "[chain c]\nhops = b,b,b,b,b,b,b,b,p\nmode = random\n");
	EXPECT_STR(load(), F "10: [chain c] has more than 512 proxies\n");
	leave();
}

TEST("chains are nested at most 16 deep")
{
	char text[4096] = S;

	enter();
	for (int i = 0; i < 16; i++)
		snprintf(text + strlen(text), 64, "[chain c%d]\nhops = c%d\n", i, i + 1);
	strcat(text, "[chain c16]\nhops = p\n");
	ini(text);
	EXPECT_STR(load(), F "36: chains are nested more than 16 deep\n");
	leave();
}
