/* SPDX-License-Identifier: MIT */
/* What one dial goes along, and what it tries next. */
#include "core/route/path.h"

#include "tests/unit/tap.h"

static const struct proxy one = {.kind = PROXY_SOCKS5}, two = {.kind = PROXY_HTTP};
static const struct proxy *const hops[] = {&one, &two};
static const struct route chain = {.kind = ROUTE_CHAIN, .name = "chain", .hops = hops, .n = 2};
static const struct addr target = {.kind = ADDR_IPV4, .port = 80, .ip = {192, 0, 2, 1}};
static const struct addr name = {.kind = ADDR_NAME, .name = "example.com"};

TEST("a path goes along the hops of its route, or as many of them as it is to")
{
	const struct path whole = path_along(&chain, 2, COMMAND_CONNECT, &target),
			  part = path_along(&chain, 1, COMMAND_ASSOCIATE, &target);

	EXPECT(whole.n == 2 && whole.hops[1] == &two);
	EXPECT(part.n == 1 && part.hops[0] == &one);
	EXPECT(part.request.command == COMMAND_ASSOCIATE && addr_equal(&part.request.target, &target));
}

TEST("a strict chain has one path")
{
	struct path p = path_along(&chain, 2, COMMAND_CONNECT, &target);

	EXPECT(!path_next(&p, true));
	EXPECT(!path_next(&p, false));
}

TEST("what the last hop may be asked instead is asked once, and only if it took us in")
{
	struct path p = path_along(&chain, 2, COMMAND_CONNECT, &target);

	p.instead = (struct request){COMMAND_RESOLVE, name};
	EXPECT(!path_next(&p, false));
	EXPECT(p.request.command == COMMAND_CONNECT);
	EXPECT(path_next(&p, true));
	EXPECT(p.request.command == COMMAND_RESOLVE && addr_equal(&p.request.target, &name) && p.n == 2);
	EXPECT(!path_next(&p, true));
}
