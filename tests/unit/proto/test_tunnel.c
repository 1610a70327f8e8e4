/* SPDX-License-Identifier: MIT */
/* What transcripts cannot show: targets that no configuration can hold, and how a tunnel lies in memory. */
#include "core/proto/tunnel.h"

#include "core/base/err.h"
#include "tests/unit/tap.h"

static const struct proxy socks4 = {.kind = PROXY_SOCKS4};
static const struct proxy socks4a = {.kind = PROXY_SOCKS4A};
static const struct proxy socks5 = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 9}}};
static const struct proxy http = {.kind = PROXY_HTTP, .addr = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 8}}};
static const struct proxy *const kinds[] = {&socks4, &socks4a, &socks5, &http};
static const struct addr ipv4 = {.kind = ADDR_IPV4, .port = 80, .ip = {192, 0, 2, 1}};

static struct tunnel tunnel;

static int ask(const struct proxy *hop, const struct addr *target)
{
	static const struct proxy *hops[1];

	hops[0] = hop;
	return tunnel_begin(&tunnel, hops, 1, target);
}

static int ask_for_name(const struct proxy *hop, const char *name)
{
	static struct addr target;

	target = (struct addr){.kind = ADDR_NAME, .port = 80};
	snprintf(target.name, sizeof target.name, "%s", name);
	return ask(hop, &target);
}

static bool says(const char *text)
{
	const struct slice out = tunnel_unsent(&tunnel);

	return out.len >= strlen(text) && memcmp(out.at, text, strlen(text)) == 0;
}

static int answer(struct tunnel *t, const void *bytes, size_t n)
{
	tunnel_sent(t, tunnel_unsent(t).len);
	EXPECT_INT(tunnel_unread(t).len, n);
	memcpy(tunnel_unread(t).at, bytes, n);
	return tunnel_received(t, n);
}

TEST("a tunnel without hops is done at once")
{
	EXPECT_INT(tunnel_begin(&tunnel, NULL, 0, &ipv4), 0);
	EXPECT(tunnel_done(&tunnel));
	EXPECT_INT(tunnel_unsent(&tunnel).len, 0);
	EXPECT_INT(tunnel_unread(&tunnel).len, 0);
}

TEST("a tunnel is small enough to have one per connection")
{
	EXPECT(sizeof(struct tunnel) <= 2048);
}

TEST("a proxy that hangs up on the request blames the destination, but not one that the launcher reaches for us")
{
	static const struct proxy https = {.kind = PROXY_HTTPS, .addr = {.kind = ADDR_NAME, .name = "gw", .port = 443}};
	const struct proxy *const hops[] = {&http, &https};
	static const int wanted[] = {ERR_TARGET_HUNG_UP, ERR_PROXY_CLOSED};
	static const struct addr target = {.kind = ADDR_NAME, .name = "secret.test", .port = 80};

	for (size_t i = 0; i < 2; i++) {
		struct tunnel t;
		EXPECT_INT(tunnel_begin(&t, &hops[i], 1, &target), 0);
		tunnel_sent(&t, tunnel_unsent(&t).len);
		EXPECT_INT(tunnel_closed(&t), wanted[i]);
	}
}

TEST("nothing is read while something is unsent")
{
	ask(&socks5, &ipv4);
	EXPECT_INT(tunnel_unread(&tunnel).len, 0);
	tunnel_sent(&tunnel, 2);
	EXPECT_INT(tunnel_unsent(&tunnel).len, 1);
	EXPECT_INT(tunnel_unread(&tunnel).len, 0);
	tunnel_sent(&tunnel, 1);
	EXPECT_INT(tunnel_unread(&tunnel).len, 2);
}

TEST("a tunnel may be moved in the middle of a handshake")
{
	struct tunnel moved;

	ask(&socks5, &ipv4);
	moved = tunnel;
	memset(&tunnel, 0xee, sizeof tunnel);
	EXPECT_INT(answer(&moved, "\5\0", 2), 0);
	tunnel = moved;
	memset(&moved, 0xee, sizeof moved);
	EXPECT(says("\5\1"));
	EXPECT_INT(answer(&tunnel, "\5\0\0\1\0", 5), 0);
	EXPECT_INT(answer(&tunnel, "\0\0\0\0\0", 5), 0);
	EXPECT(tunnel_done(&tunnel));
}

TEST("a name that could end a line, a host or a URL is refused by every protocol")
{
	static const char *const names[] = {
		"a b", "a\tb", "a\r\nX: y", "a\nb", "a\rb", "\x7f",   "a:80", "a/b", "u@host",
		"a?b", "a#b",  "[a",        "a]",   "a\\b", "%0d%0a", " ",    "",
	};

	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			EXPECT_INT(ask_for_name(kinds[k], names[i]), ERR_PROXY_ADDRESS);
}

TEST("an international, underscored or dotted name goes as it is")
{
	EXPECT_INT(ask_for_name(&http, "m\xc3\xbcll.example"), 0);
	EXPECT(says("CONNECT m\xc3\xbcll.example:80 HTTP/1.1\r\n"));
	EXPECT_INT(ask_for_name(&http, "_x.example.com."), 0);
	EXPECT(says("CONNECT _x.example.com.:80 HTTP/1.1\r\n"));
}

TEST("a name without an end is too long")
{
	static struct addr target = {.kind = ADDR_NAME, .port = 80};

	memset(target.name, 'a', sizeof target.name);
	EXPECT_INT(ask(&socks5, &target), ERR_TOO_LONG);
	EXPECT_INT(ask(&http, &target), ERR_TOO_LONG);
	target.name[255] = 0;
	EXPECT_INT(ask(&socks5, &target), 0);
	EXPECT_INT(ask(&http, &target), 0);
}

TEST("a unix socket and nothing at all are targets of no proxy")
{
	static const struct addr path = {.kind = ADDR_UNIX, .name = "/run/x"}, none = {.kind = ADDR_NONE};

	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		EXPECT_INT(ask(kinds[k], &path), ERR_PROXY_ADDRESS);
		EXPECT_INT(ask(kinds[k], &none), ERR_PROXY_ADDRESS);
	}
}

TEST("an interface of this host is not told to the proxy")
{
	static const struct addr local = {.kind = ADDR_IPV6, .port = 80, .scope = 2, .ip = {0xfe, 0x80, [15] = 1}};

	EXPECT_INT(ask(&http, &local), 0);
	EXPECT(says("CONNECT [fe80::1]:80 HTTP/1.1\r\nHost: [fe80::1]:80\r\n\r\n"));
}

TEST("port 0 is said")
{
	static const struct addr zero = {.kind = ADDR_IPV4, .ip = {192, 0, 2, 1}};

	EXPECT_INT(ask(&http, &zero), 0);
	EXPECT(says("CONNECT 192.0.2.1:0 HTTP/1.1\r\n"));
}

TEST("the longest request fits")
{
	static struct proxy hop = {.kind = PROXY_HTTP, .has_credentials = true};
	static struct addr target = {.kind = ADDR_NAME, .port = 65535};

	memset(hop.username, 'u', PROXY_CREDENTIAL_MAX);
	memset(hop.password, 'p', PROXY_CREDENTIAL_MAX);
	memset(target.name, 'a', ADDR_NAME_MAX);
	EXPECT_INT(ask(&hop, &target), 0);
	EXPECT(says("CONNECT aaaa"));
	const struct slice out = tunnel_unsent(&tunnel);
	EXPECT(out.len <= HANDSHAKE_OUT);
	EXPECT(memcmp(out.at + out.len - 4, "\r\n\r\n", 4) == 0);
}

TEST("a hop that can never be asked is found before anything is sent")
{
	static const struct addr name = {.kind = ADDR_NAME, .port = 80, .name = "example.com"};
	const struct proxy *const hops[] = {&socks5, &http, &socks4};

	EXPECT_INT(tunnel_begin(&tunnel, hops, 3, &name), ERR_PROXY_ADDRESS);
	EXPECT_INT(tunnel.at, 2);
}
