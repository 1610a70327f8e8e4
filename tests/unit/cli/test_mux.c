/* SPDX-License-Identifier: MIT */
/* mux: what is said to an OpenSSH master, and what it says, byte by byte. */
#include "cli/hops/mux.c"
#include "tests/unit/tap.h"

static uint8_t bytes[MUX_OUT];

#define WORDS_OF(type) "\0\0\0\x08" type

TEST("the wish for a connection names the host as text, and the port")
{
	static const char wanted[] =
		"\0\0\0\x1f"
		"\x10\0\0\x08"
		"\0\0\0\0"
		"\0\0\0\0"
		"\0\0\0\x0b"
		"secret.test"
		"\0\0\x01\xbb";
	const struct addr target = {.kind = ADDR_NAME, .name = "secret.test", .port = 443};
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_forward(&b, &target);
	EXPECT(!b.overflow);
	EXPECT_INT(b.len, sizeof(wanted) - 1);
	EXPECT(memcmp(b.at, wanted, b.len) == 0);
}

TEST("the wish that the server listen names the port there, and where it leads")
{
	static const char wanted[] =
		"\0\0\0\x26"
		"\x10\0\0\x06"
		"\0\0\0\0"
		"\0\0\0\x02"
		"\0\0\0\x01"
		"*"
		"\0\0\x1f\x90"
		"\0\0\0\x09"
		"127.0.0.1"
		"\0\0\0\x50";
	const struct addr to = {.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}, .port = 80};
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_listen(&b, 8080, &to);
	EXPECT(!b.overflow);
	EXPECT_INT(b.len, sizeof(wanted) - 1);
	EXPECT(memcmp(b.at, wanted, b.len) == 0);
	EXPECT_INT(mux_port((const uint8_t *)"\0\0\0\x0c\x80\0\0\x07\0\0\0\0\0\0\x9c\x40"), 40000);
}

TEST("an IPv6 address has no brackets there")
{
	const struct addr target = {.kind = ADDR_IPV6, .ip = {[0] = 0xfd, [15] = 1}, .port = 80};
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_forward(&b, &target);
	EXPECT(memmem(b.at, b.len, "fd00::1", 7) != NULL);
	EXPECT(memchr(b.at, '[', b.len) == NULL);
}

TEST("the longest name fits")
{
	struct addr target = {.kind = ADDR_NAME, .port = 80};
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	memset(target.name, 'a', ADDR_NAME_MAX);
	mux_put_hello(&b);
	mux_put_forward(&b, &target);
	EXPECT(!b.overflow);
}

TEST("each message of the master's is told from the others, once it is all there")
{
	static const struct {
		const char *bytes;
		size_t n;
		enum mux_message message;
	} cases[] = {
		{"\0\0\0\x08\0\0\0\x01\0\0\0\x04", 12, MUX_HELLO},
		{"\0\0\0\x08\0\0\0\x01\0\0\0\x03", 12, MUX_GARBLED},
		{"\0\0\0\x04\0\0\0\x01", 8, MUX_GARBLED},
		{"\0\0\0\x0c\x80\0\0\x05\0\0\0\0\0\0\0\x09", 16, MUX_ALIVE},
		{"\0\0\0\x0c\x80\0\0\x06\0\0\0\0\0\0\0\x01", 16, MUX_OPENED},
		{"\0\0\0\x0e\x80\0\0\x03\0\0\0\0\0\0\0\x02no", 18, MUX_REFUSED},
		{"\0\0\0\x0e\x80\0\0\x02\0\0\0\0\0\0\0\x02no", 18, MUX_REFUSED},
		{"\0\0\0\x08\x80\0\0\x01\0\0\0\0", 12, MUX_DONE},
		{"\0\0\0\x08\x80\0\0\x08\0\0\0\0", 12, MUX_OTHER},
		{"\0\0\0\x0c\x80\0\0\x07\0\0\0\0\0\0\x9c\x40", 16, MUX_PORT},
		{"\0\0\0\x08\x80\0\0\x07\0\0\0\0", 12, MUX_GARBLED},
		{"\0\0\0\0", 4, MUX_GARBLED},
		{"\0\0\x10\0", 4, MUX_GARBLED},
		{"SSH-2.0-", 8, MUX_GARBLED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const uint8_t *const in = (const uint8_t *)cases[i].bytes;
		size_t len = 0;
		EXPECT_INT(mux_get(in, cases[i].n, &len), cases[i].message);
		if (cases[i].message == MUX_GARBLED)
			continue;
		EXPECT_INT(len, cases[i].n);
		for (size_t n = 0; n < cases[i].n; n++)
			EXPECT_INT(mux_get(in, n, &len), MUX_MORE);
	}
}
