/* SPDX-License-Identifier: MIT */
/* What the launcher writes down, programs find. */
#include "conf/load/passwords.h"

#include "test_config.h"

#define LINES (PASSWORDS_LINE * 8)

static struct proxy at(const char *url)
{
	struct proxy p;
	TEXT(problem, 128);

	EXPECT(proxy_read(&p, url, &problem));
	return p;
}

TEST("each proxy finds its own password, whatever is in it")
{
	const struct proxy a = at("socks5://bob@h"), b = at("socks5://bob%09x%0a@h"), c = at("http://bob@h"), d = at("socks5://bo@h");
	struct proxy section = at("socks5://bob@h");
	char password[PROXY_CREDENTIAL_MAX + 1];
	TEXT(lines, LINES);

	section.name = "my office";
	passwords_add(&lines, &a, "one");
	passwords_add(&lines, &b, "t\tw\no%41 \x7f\xc3\xa4");
	passwords_add(&lines, &section, "three");
	EXPECT(passwords_find(lines.at, &a, password));
	EXPECT_STR(password, "one");
	EXPECT(passwords_find(lines.at, &b, password));
	EXPECT_STR(password, "t\tw\no%41 \x7f\xc3\xa4");
	EXPECT(passwords_find(lines.at, &section, password));
	EXPECT_STR(password, "three");
	EXPECT(!passwords_find(lines.at, &c, password));
	EXPECT(!passwords_find(lines.at, &d, password));
	EXPECT(!passwords_find("", &a, password));
}

TEST("what is no such line holds no password")
{
	static const char *const texts[] = {
		"x", "\n\n", "socks5://bob@h:1080", "socks5://bob@h:1080\nx", "\tx\n", "socks5://bob@h:1080\t%zz\n"};
	const struct proxy p = at("socks5://bob@h");
	char password[PROXY_CREDENTIAL_MAX + 1];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		EXPECT(!passwords_find(texts[i], &p, password));
}

TEST("the longest password of the longest user at the longest name has room")
{
	static struct proxy p = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_NAME, .port = 65535}};
	static char lines[PASSWORDS_LINE], password[PROXY_CREDENTIAL_MAX + 1], found[PROXY_CREDENTIAL_MAX + 1];
	struct text t = {.at = lines, .size = sizeof(lines)};

	memset(p.addr.name, 'h', ADDR_NAME_MAX);
	memset(p.username, ' ', PROXY_CREDENTIAL_MAX);
	memset(password, '%', PROXY_CREDENTIAL_MAX);
	passwords_add(&t, &p, password);
	EXPECT(!t.cut);
	EXPECT(passwords_find(lines, &p, found));
	EXPECT_STR(found, password);
}

TEST("a proxy with a password_command lacks a password until the launcher has written it down")
{
	static const char text[] =
		"[proxy p]\nurl = socks5://bob@h\npassword_command = exit 1\n[proxy q]\nurl = socks5://g\n"
		"[socksify]\nchain = p\n";
	char variable[PATH_MAX + 64];

	enter();
	ini(text);
	EXPECT_STR(load(), "~/.socksify.ini: [proxy p]: only the launcher runs its password_command: start this program by 'socksify'\n");
	put("passwords", 0600, "[p]\tsecret\n", 11);
	snprintf(variable, sizeof(variable), "SOCKSIFY_PASSWORDS=%s/passwords", home);
	EXPECT_STR(load_with(variable, NULL, NULL, NULL), "");
	EXPECT_STR(config.proxies->password, "secret");
	EXPECT(config.proxies->has_credentials && !config.proxies->lacks_password);
	snprintf(variable, sizeof(variable), "SOCKSIFY_PASSWORDS=%s/nowhere", home);
	EXPECT_STR(load_with(variable, NULL, NULL, NULL), "SOCKSIFY_PASSWORDS: cannot read '~/nowhere': no such file\n");
	EXPECT_STR(load_with("SOCKSIFY_CHAIN=q", NULL, NULL, NULL), "");
	leave();
}
