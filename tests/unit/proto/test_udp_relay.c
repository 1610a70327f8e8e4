/* SPDX-License-Identifier: MIT */
/* Headers for one and several relays: what goes in front, and what may come back. */
#include "core/proto/udp_relay.h"

#include <arpa/inet.h>

#include "core/base/err.h"
#include "core/proto/udp_header.h"
#include "tests/unit/tap.h"

static const struct addr first = {.kind = ADDR_IPV4, .port = 1081, .ip = {192, 0, 2, 1}};
static const struct addr second = {.kind = ADDR_IPV4, .port = 1082, .ip = {192, 0, 2, 2}};
static const struct addr third = {.kind = ADDR_NAME, .port = 1083, .name = "third.test"};
static const struct addr peer = {.kind = ADDR_IPV4, .port = 53, .ip = {198, 51, 100, 1}};
static const struct addr other = {.kind = ADDR_IPV4, .port = 1082, .ip = {192, 0, 2, 66}};

static uint8_t bytes[2048];

static size_t datagram(const struct addr *const *headers, size_t n)
{
	struct buf out = {.at = bytes, .size = sizeof bytes};

	for (size_t i = 0; i < n; i++)
		udp_header_put(&out, headers[i]);
	buf_str(&out, "data");
	return out.len;
}

static struct udp_relay through(const struct addr *hops, size_t n)
{
	struct udp_relay r;

	EXPECT_INT(udp_relay_through(&r, hops, n, AF_INET), 0);
	return r;
}

TEST("one relay: nothing but the peer's header, and that comes off")
{
	const struct udp_relay r = through(&first, 1);
	struct addr from;

	EXPECT_INT(r.front_len, 0);
	const size_t n = datagram((const struct addr *[]){&peer}, 1);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), n - 4);
	EXPECT(addr_equal(&from, &peer));
}

TEST("three relays: headers for the second and third in front, and they come off in that order only")
{
	const struct udp_relay r = through((struct addr[]){first, second, third}, 3);
	struct addr from;

	EXPECT_INT(r.front_len, 10 + 3 + 2 + 10 + 2);
	size_t n = datagram((const struct addr *[]){&second, &third, &peer}, 3);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), n - 4);
	EXPECT(addr_equal(&from, &peer));
	for (size_t cut = 0; cut < n - 4; cut++)
		EXPECT_INT(udp_relay_open(&r, bytes, cut, &from), -1);
	n = datagram((const struct addr *[]){&third, &second, &peer}, 3);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), -1);
	n = datagram((const struct addr *[]){&second, &peer}, 2);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), -1);
}

TEST("what reaches the first relay from anybody but the second is dropped")
{
	const struct udp_relay r = through((struct addr[]){first, second}, 2);
	struct addr from;
	const size_t n = datagram((const struct addr *[]){&other, &peer}, 2);

	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), -1);
}

TEST("a relay known by name answers from its port at any address")
{
	const struct udp_relay r = through((struct addr[]){first, {.kind = ADDR_NAME, .port = 1082, .name = "second.test"}}, 2);
	struct addr from;

	size_t n = datagram((const struct addr *[]){&other, &peer}, 2);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), n - 4);
	n = datagram((const struct addr *[]){&third, &peer}, 2);
	EXPECT_INT(udp_relay_open(&r, bytes, n, &from), -1);
}

TEST("a socket that cannot reach the first relay is told so, and headers that do not fit")
{
	const struct addr v6 = {.kind = ADDR_IPV6, .port = 1, .ip = {0xfd, [15] = 1}};
	struct addr hops[3] = {first, third, third};
	struct udp_relay r;

	EXPECT_INT(udp_relay_through(&r, &v6, 1, AF_INET), ERR_PROXY_ADDRESS);
	memset(hops[1].name, 'a', 255);
	memset(hops[2].name, 'a', 255);
	EXPECT_INT(udp_relay_through(&r, hops, 3, AF_INET), ERR_TOO_LONG);
}
