/* SPDX-License-Identifier: MIT */
/* bind: the two replies to BIND, cut at every place. */
#include "core/base/err.h"
#include "core/proto/tunnel.h"
#include "tests/unit/tap.h"

static struct proxy hop;
static const struct proxy *hops[] = {&hop};
static struct tunnel tunnel;
static const struct addr expected = {.kind = ADDR_IPV4, .port = 21, .ip = {192, 0, 2, 7}};

static void speak_to(enum proxy_kind kind)
{
	hop = (struct proxy){.kind = kind, .username = "", .password = "", .addr = {.kind = ADDR_IPV4, .port = 1080}};
}

/* Let the server say `n` bytes, `step` at a time, and whatever the client says go. */
static int say(const char *bytes, size_t n, size_t step)
{
	int rc = 0;

	while (rc == 0 && n) {
		tunnel_sent(&tunnel, tunnel_unsent(&tunnel).len);
		const struct slice room = tunnel_unread(&tunnel);
		size_t part = room.len < step ? room.len : step;
		part = part < n ? part : n;
		if (!part)
			return -1;
		memcpy(room.at, bytes, part);
		bytes += part;
		n -= part;
		rc = tunnel_received(&tunnel, part);
	}
	return rc;
}

#define SAY(string, step) say(string, sizeof(string) - 1, step)

static const char *bound(void)
{
	static char text[ADDR_TEXT];
	struct addr a;

	return tunnel_bound(&tunnel, &a) ? addr_string(&a, text) : "none";
}

TEST("SOCKS5 answers twice: where it listens, and who has come")
{
	speak_to(PROXY_SOCKS5);
	for (size_t step = 1; step < 12; step++) {
		EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), 0);
		EXPECT_INT(SAY("\5\0", step), 0);
		EXPECT_INT(tunnel_unsent(&tunnel).len, 10);
		EXPECT(memcmp(tunnel_unsent(&tunnel).at, "\5\2\0\1\300\0\2\7\0\25", 10) == 0);
		EXPECT_INT(SAY("\5\0\0\1\306\63\144\1\4\322", step), 0);
		EXPECT(tunnel_done(&tunnel));
		EXPECT_STR(bound(), "198.51.100.1:1234");
		EXPECT_INT(tunnel_again(&tunnel), 0);
		EXPECT(!tunnel_done(&tunnel));
		EXPECT_INT(tunnel_unsent(&tunnel).len, 0);
		EXPECT_INT(SAY("\5\0\0\1\300\0\2\7\0\24", step), 0);
		EXPECT(tunnel_done(&tunnel));
		EXPECT_STR(bound(), "192.0.2.7:20");
		EXPECT_INT(tunnel_again(&tunnel), ERR_PROXY_COMMAND);
	}
}

TEST("SOCKS5: the second reply may be another kind of address, or a failure")
{
	speak_to(PROXY_SOCKS5);
	EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), 0);
	EXPECT_INT(SAY("\5\0\5\0\0\1\306\63\144\1\4\322", 99), 0);
	EXPECT_INT(tunnel_again(&tunnel), 0);
	EXPECT_INT(SAY("\5\0\0\4 \1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\7\0\24", 3), 0);
	EXPECT_STR(bound(), "[2001:db8::7]:20");

	EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), 0);
	EXPECT_INT(SAY("\5\0\5\0\0\1\306\63\144\1\4\322", 99), 0);
	EXPECT_INT(tunnel_again(&tunnel), 0);
	EXPECT_INT(SAY("\5\6\0\1\0\0\0\0\0\0", 99), ERR_TARGET_TIMED_OUT);
}

TEST("SOCKS4 does so in its own words")
{
	speak_to(PROXY_SOCKS4);
	for (size_t step = 1; step < 9; step++) {
		EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), 0);
		EXPECT_INT(tunnel_unsent(&tunnel).len, 9);
		EXPECT(memcmp(tunnel_unsent(&tunnel).at, "\4\2\0\25\300\0\2\7\0", 9) == 0);
		EXPECT_INT(SAY("\0\x5a\4\322\306\63\144\1", step), 0);
		EXPECT_STR(bound(), "198.51.100.1:1234");
		EXPECT_INT(tunnel_again(&tunnel), 0);
		EXPECT_INT(SAY("\0\x5a\0\24\300\0\2\7", step), 0);
		EXPECT_STR(bound(), "192.0.2.7:20");
	}
	EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), 0);
	EXPECT_INT(SAY("\0\x5b\0\0\0\0\0\0", 99), ERR_TARGET_FAILED);
}

TEST("what does not know BIND is not asked, and a connection has no second reply")
{
	speak_to(PROXY_HTTP);
	EXPECT_INT(tunnel_ask(&tunnel, hops, 1, NULL, COMMAND_BIND, &expected), ERR_PROXY_COMMAND);
	speak_to(PROXY_SOCKS5);
	EXPECT_INT(tunnel_begin(&tunnel, hops, 1, &expected), 0);
	EXPECT_INT(SAY("\5\0\5\0\0\1\306\63\144\1\4\322", 99), 0);
	EXPECT_INT(tunnel_again(&tunnel), ERR_PROXY_COMMAND);
	speak_to(PROXY_SOCKS4);
	EXPECT_INT(tunnel_begin(&tunnel, hops, 1, &expected), 0);
	EXPECT_INT(SAY("\0\x5a\0\0\0\0\0\0", 99), 0);
	EXPECT_STR(bound(), "none");
}
