/* SPDX-License-Identifier: MIT */
#include "core/base/buf.h"

#include "tests/unit/tap.h"

static uint8_t bytes[8];

static struct buf empty(size_t size)
{
	memset(bytes, 0xee, sizeof bytes);
	return (struct buf){.at = bytes, .size = size};
}

TEST("numbers go in big-endian")
{
	struct buf b = empty(8);

	buf_u8(&b, 0x105);
	buf_u16(&b, 0xabcd);
	EXPECT_INT(b.len, 3);
	EXPECT(memcmp(bytes, "\x05\xab\xcd", 3) == 0);
	EXPECT(!b.overflow);
}

TEST("strings go in without their NUL, or behind their length")
{
	struct buf b = empty(8);

	buf_str(&b, "ab");
	buf_str8(&b, "cde");
	buf_str8(&b, "");
	EXPECT_INT(b.len, 7);
	EXPECT(memcmp(bytes, "ab\3cde\0", 7) == 0);
}

TEST("a buffer may be filled to its last byte")
{
	struct buf b = empty(4);

	buf_str(&b, "abcd");
	EXPECT(!b.overflow);
	EXPECT_INT(b.len, 4);
	EXPECT_INT(bytes[4], 0xee);
}

TEST("what does not fit is remembered, not written")
{
	struct buf b = empty(4);

	buf_str(&b, "abc");
	buf_u16(&b, 0x6465);
	EXPECT(b.overflow);
	EXPECT_INT(b.len, 3);
	EXPECT_INT(bytes[3], 0xee);
}

TEST("after an overflow nothing is appended, even if it would fit")
{
	struct buf b = empty(4);

	buf_str(&b, "abcde");
	buf_u8(&b, 'f');
	EXPECT(b.overflow);
	EXPECT_INT(b.len, 0);
}

TEST("a string too long for its length octet overflows")
{
	char long_string[257] = "";
	uint8_t room[600];
	struct buf b = {.at = room, .size = sizeof room};

	memset(long_string, 'x', 255);
	buf_str8(&b, long_string);
	EXPECT(!b.overflow);
	EXPECT_INT(b.len, 256);
	long_string[255] = 'x';
	buf_str8(&b, long_string);
	EXPECT(b.overflow);
	EXPECT_INT(b.len, 256);
}
