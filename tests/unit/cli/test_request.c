/* SPDX-License-Identifier: MIT */
/* request: what clients of the local proxy say, whole and cut at every place. */
#include "cli/clients/request.c"
#include "tests/unit/tap.h"

static struct client_request r;

/* Hear `n` bytes, `step` at a time. */
static enum request_state hear(const void *bytes, size_t n, size_t step)
{
	enum request_state state = REQUEST_MORE;

	r = (struct client_request){0};
	for (size_t at = 0; at < n && state == REQUEST_MORE; at += step) {
		const size_t part = n - at < step ? n - at : step;
		memcpy(r.in + r.got, (const uint8_t *)bytes + at, part);
		r.got += part;
		state = request_read(&r);
	}
	return state;
}

#define HEAR(string, step) hear(string, sizeof(string) - 1, step)

static const char *target(void)
{
	static char text[ADDR_TEXT];

	return addr_string(&r.target, text);
}

static bool said(const char *bytes, size_t n)
{
	return r.said == n && memcmp(r.out, bytes, n) == 0;
}

static const char socks5_name[] = "\5\2\2\0\5\1\0\3\13secret.test\0\120";

TEST("a SOCKS5 client is agreed with and heard, in pieces of any size")
{
	for (size_t step = 1; step <= sizeof(socks5_name) - 1; step++) {
		EXPECT_INT(HEAR(socks5_name, step), REQUEST_COMPLETE);
		EXPECT(said("\5\0", 2));
		EXPECT_STR(target(), "secret.test:80");
		EXPECT_INT(r.taken, sizeof(socks5_name) - 1);
	}
}

TEST("addresses of both families, and one in figures that is sent as a name")
{
	EXPECT_INT(HEAR("\5\1\0\5\1\0\1\300\0\2\1\0\31", 99), REQUEST_COMPLETE);
	EXPECT_STR(target(), "192.0.2.1:25");
	EXPECT_INT(HEAR("\5\1\0\5\1\0\4 \1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\31", 99), REQUEST_COMPLETE);
	EXPECT_STR(target(), "[2001:db8::1]:25");
	EXPECT_INT(HEAR("\5\1\0\5\1\0\3\t192.0.2.1\0\31", 99), REQUEST_COMPLETE);
	EXPECT_STR(target(), "192.0.2.1:25");
	EXPECT_INT(r.target.kind, ADDR_IPV4);
}

TEST("what a client sends ahead is not taken for a part of the request")
{
	EXPECT_INT(HEAR("\5\1\0\5\1\0\1\300\0\2\1\0\31EHLO", 99), REQUEST_COMPLETE);
	EXPECT_INT(r.got - r.taken, 4);
	EXPECT_INT(HEAR("CONNECT a.test:25 HTTP/1.1\r\n\r\nEHLO", 99), REQUEST_COMPLETE);
	EXPECT_INT(r.got - r.taken, 4);
}

TEST("a client that insists on a password, another command or a name that is none is refused by the protocol's words")
{
	EXPECT_INT(HEAR("\5\1\2", 1), REQUEST_REFUSED);
	EXPECT(said("\5\xff", 2));
	EXPECT_INT(HEAR("\5\1\0\5\3\0\1\300\0\2\1\0\31", 1), REQUEST_REFUSED);
	EXPECT(said("\5\0\5\7\0\1\0\0\0\0\0\0", 12));
	EXPECT_INT(HEAR("\5\1\0\5\1\0\3\7a b.tes\0\31", 1), REQUEST_REFUSED);
	EXPECT(said("\5\0\5\10\0\1\0\0\0\0\0\0", 12));
	EXPECT_INT(HEAR("\5\1\0\5\1\0\11\300\0\2\1\0\31", 1), REQUEST_REFUSED);
	EXPECT(said("\5\0\5\10\0\1\0\0\0\0\0\0", 12));
}

TEST("an HTTP client is heard, in pieces of any size")
{
	static const char connect[] = "CONNECT secret.test:443 HTTP/1.1\r\nHost: secret.test:443\r\n\r\n";

	for (size_t step = 1; step < sizeof(connect); step++) {
		EXPECT_INT(HEAR(connect, step), REQUEST_COMPLETE);
		EXPECT_STR(target(), "secret.test:443");
		EXPECT_INT(r.said, 0);
	}
	EXPECT_INT(HEAR("CONNECT [2001:db8::1]:443 HTTP/1.0\n\n", 1), REQUEST_COMPLETE);
	EXPECT_STR(target(), "[2001:db8::1]:443");
}

TEST("HTTP that is no CONNECT, names no port, or never ends is refused with a status")
{
	EXPECT_INT(HEAR("GET http://a.test/ HTTP/1.1\r\n\r\n", 99), REQUEST_REFUSED);
	EXPECT(memmem(r.out, r.said, "HTTP/1.1 405 ", 13));
	EXPECT_INT(HEAR("CONNECT a.test HTTP/1.1\r\n\r\n", 99), REQUEST_REFUSED);
	EXPECT(memmem(r.out, r.said, "HTTP/1.1 400 ", 13));
	EXPECT_INT(HEAR("CONNECT  HTTP/1.1\r\n\r\n", 99), REQUEST_REFUSED);
	EXPECT(memmem(r.out, r.said, "HTTP/1.1 400 ", 13));

	static char endless[REQUEST_IN];
	memset(endless, 'A', sizeof(endless));
	EXPECT_INT(hear(endless, sizeof(endless), 1000), REQUEST_REFUSED);
	EXPECT(memmem(r.out, r.said, "HTTP/1.1 431 ", 13));
}

TEST("another language is not answered")
{
	EXPECT_INT(HEAR("\4\1\0\31", 1), REQUEST_REFUSED);
	EXPECT_INT(r.said, 0);
	EXPECT_INT(HEAR("\26\3\1", 1), REQUEST_REFUSED);
	EXPECT_INT(r.said, 0);
}

TEST("each failure of a dial has its reply and its status")
{
	static const struct {
		int rc;
		uint8_t reply;
		const char *status;
	} rows[] = {
		{0, 0, "HTTP/1.1 200 "},
		{ERR_BLOCKED, 2, "HTTP/1.1 403 "},
		{ERR_TARGET_NET_DOWN, 3, "HTTP/1.1 502 "},
		{ERR_TARGET_NAME, 4, "HTTP/1.1 502 "},
		{ERR_TARGET_REFUSED, 5, "HTTP/1.1 502 "},
		{ERR_TARGET_TIMED_OUT, 6, "HTTP/1.1 504 "},
		{ERR_PROXY_ADDRESS, 8, "HTTP/1.1 502 "},
		{ERR_PROXY_GARBLED, 1, "HTTP/1.1 502 "},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		HEAR(socks5_name, 99);
		request_answer(&r, rows[i].rc);
		EXPECT_INT(r.out[3], rows[i].reply);
		HEAR("CONNECT a.test:25 HTTP/1.1\r\n\r\n", 99);
		request_answer(&r, rows[i].rc);
		EXPECT(memcmp(r.out, rows[i].status, strlen(rows[i].status)) == 0);
	}
}
