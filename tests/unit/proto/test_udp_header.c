/* SPDX-License-Identifier: MIT */
/* The header in front of a relayed datagram (RFC 1928, 7): what is written, and what is made of anything that may arrive. */
#include "core/proto/udp_header.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/tap.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

static uint8_t out_bytes[UDP_HEADER_MAX];

static struct buf write_to(const struct addr *to)
{
	struct buf out = {.at = out_bytes, .size = sizeof out_bytes};

	udp_header_put(&out, to);
	return out;
}

/* Read with nothing readable behind the last byte. */
static int read_guarded(struct addr *from, const uint8_t *at, size_t n)
{
	static char *page;
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);

	if (!page) {
		page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED || mprotect(page + size, size, PROT_NONE) != 0)
			abort();
	}
	uint8_t *const copy = (uint8_t *)page + size - n;
	if (n)
		memcpy(copy, at, n);
	return udp_header_get(from, copy, n);
}

/* Whole it is `want`; cut off anywhere it is dropped; with data behind it it is the same. */
static void check(const uint8_t *at, size_t n, const struct addr *want)
{
	uint8_t longer[UDP_HEADER_MAX + 4];
	struct addr from = {0};

	EXPECT_INT(read_guarded(&from, at, n), n);
	EXPECT(addr_equal(&from, want));
	for (size_t cut = 0; cut < n; cut++)
		EXPECT_INT(read_guarded(&from, at, cut), -1);
	memcpy(longer, at, n);
	memset(longer + n, 0xff, 4);
	EXPECT_INT(read_guarded(&from, longer, n + 4), n);
	const struct buf again = write_to(want);
	EXPECT_INT(again.len, n);
	EXPECT(memcmp(again.at, at, n) == 0);
}

TEST("an IPv4 address is written and read")
{
	check(BYTES(0, 0, 0, 1, 192, 0, 2, 1, 0, 53), &(struct addr){.kind = ADDR_IPV4, .port = 53, .ip = {192, 0, 2, 1}});
}

TEST("an IPv6 address is written and read")
{
	check(BYTES(0, 0, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0xbb),
	      &(struct addr){.kind = ADDR_IPV6, .port = 443, .ip = {0x20, 1, 0xd, 0xb8, [15] = 1}});
}

TEST("a name is written and read")
{
	check(BYTES(0, 0, 0, 3, 4, 't', 'e', 's', 't', 0, 53), &(struct addr){.kind = ADDR_NAME, .port = 53, .name = "test"});
}

TEST("a name of 255 bytes, the longest header there is, is written and read")
{
	struct addr name = {.kind = ADDR_NAME, .port = 0xffff};
	struct addr from;

	memset(name.name, 'a', 255);
	const struct buf out = write_to(&name);
	EXPECT(!out.overflow);
	EXPECT_INT(out.len, UDP_HEADER_MAX);
	EXPECT_INT(read_guarded(&from, out.at, out.len), UDP_HEADER_MAX);
	EXPECT(addr_equal(&from, &name));
}

TEST("a v4-mapped address is the IPv4 address that it maps")
{
	struct addr from;

	EXPECT_INT(read_guarded(&from, BYTES(0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1, 0, 53)), 22);
	EXPECT_INT(from.kind, ADDR_IPV4);
}

TEST("a fragment is dropped, whatever its number")
{
	uint8_t bytes[] = {0, 0, 0, 1, 192, 0, 2, 1, 0, 53};
	struct addr from;

	for (int frag = 1; frag < 256; frag++) {
		bytes[2] = (uint8_t)frag;
		EXPECT_INT(read_guarded(&from, bytes, sizeof bytes), -1);
	}
}

TEST("no other type of address is known, and a name must be one")
{
	uint8_t bytes[32] = {0};
	struct addr from;

	for (int type = 0; type < 256; type++)
		if (type != 1 && type != 3 && type != 4) {
			bytes[3] = (uint8_t)type;
			EXPECT_INT(read_guarded(&from, bytes, sizeof bytes), -1);
		}
	EXPECT_INT(read_guarded(&from, BYTES(0, 0, 0, 3, 0, 0, 53)), -1);
	EXPECT_INT(read_guarded(&from, BYTES(0, 0, 0, 3, 3, 'a', 0, 'b', 0, 53)), -1);
}

TEST("anything at all is read without a byte beyond its end")
{
	uint8_t bytes[300];
	unsigned seed = 1;
	struct addr from;

	for (int i = 0; i < 200000; i++) {
		const size_t n = (size_t)rand_r(&seed) % sizeof bytes;
		for (size_t k = 0; k < n; k++)
			bytes[k] = (uint8_t)(rand_r(&seed) >> 8);
		if (n > 4 && i % 2) {
			bytes[2] = 0;
			bytes[3] = (uint8_t)(1 + i % 4);
		}
		const int len = read_guarded(&from, bytes, n);
		EXPECT(len == -1 || (len >= UDP_HEADER_IPV4 - 3 && (size_t)len <= n));
	}
}
