/* SPDX-License-Identifier: MIT */
/* What one dial goes along, and what it tries next, by the mode of its chain. */
#include "core/route/path.h"

#include "core/base/clock.h"
#include "core/base/err.h"
#include "tests/unit/runtime.h"
#include "tests/unit/tap.h"

#define PROXY(letter)                                                                                            \
	{                                                                                                        \
		.kind = PROXY_SOCKS5, .name = letter, .addr = {.kind = ADDR_NAME, .port = 1080, .name = letter } \
	}
static const struct proxy a = PROXY("a"), b = PROXY("b"), c = PROXY("c"), d = PROXY("d");
static const struct proxy *const all[] = {&a, &b, &c, &d};
#define SINGLE(i)                                                                           \
	{                                                                                   \
		.kind = ROUTE_CHAIN, .name = "single", .hops = &all[i], .n = 1, .length = 1 \
	}
static const struct route single[] = {SINGLE(0), SINGLE(1), SINGLE(2), SINGLE(3)};
static const struct route *const singles[] = {&single[0], &single[1], &single[2], &single[3]};
static const struct route strict = {.kind = ROUTE_CHAIN, .name = "strict", .hops = all, .n = 2, .length = 1};
static const struct addr target = {.kind = ADDR_IPV4, .port = 80, .ip = {192, 0, 2, 1}};
static const struct addr name = {.kind = ADDR_NAME, .name = "example.com"};

static struct path p;

static struct route chain(enum chain_mode mode, size_t n, unsigned length)
{
	return (struct route){.kind = ROUTE_CHAIN,
			      .name = "chain",
			      .hops = all,
			      .n = n,
			      .members = singles,
			      .n_members = n,
			      .mode = mode,
			      .length = length};
}

/* "ab": the hops of the path. */
static const char *hops(void)
{
	static char bytes[HOPS_MAX + 1];

	for (size_t i = 0; i < p.n; i++)
		bytes[i] = p.hops[i]->name[0];
	bytes[p.n] = '\0';
	return bytes;
}

static const char *begin(const struct route *r)
{
	return path_begin(&p, r, COMMAND_CONNECT, &target) ? hops() : "none";
}

/* The path that comes after one that failed at hop `at`; "none". */
static const char *after(int rc, size_t at)
{
	const struct setback s = {.rc = rc, .at = at, .n = p.n, .since = clock_now()};

	return path_next(&p, &s) ? hops() : "none";
}

static const char *after_close(int rc, size_t at)
{
	const struct setback s = {.rc = rc, .at = at, .n = p.n, .closed = true, .since = clock_now()};

	return path_next(&p, &s) ? hops() : "none";
}

TEST("a path goes along the hops of its route, or along those that it is given")
{
	EXPECT(path_begin(&p, &strict, COMMAND_ASSOCIATE, &target));
	EXPECT_STR(hops(), "ab");
	EXPECT(p.request.command == COMMAND_ASSOCIATE && addr_equal(&p.request.target, &target));
	path_pin(&p, all, 3, COMMAND_CONNECT, &target);
	EXPECT_STR(hops(), "abc");
}

TEST("a strict chain has one path")
{
	EXPECT_STR(begin(&strict), "ab");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "none");
	EXPECT_STR(hops(), "ab");
}

TEST("what the last hop may be asked instead is asked once, and only if it took us in")
{
	struct setback s = {.rc = ERR_TARGET_REFUSED, .at = 1, .n = 2};

	begin(&strict);
	p.instead = (struct request){COMMAND_RESOLVE, name};
	EXPECT(!path_next(&p, &s));
	EXPECT(path_request(&p)->command == COMMAND_CONNECT);
	s.requested = true;
	EXPECT(path_next(&p, &s));
	EXPECT(path_request(&p)->command == COMMAND_RESOLVE && addr_equal(&path_request(&p)->target, &name) && p.n == 2);
	EXPECT(!path_next(&p, &s));
}

RUNTIME_TEST("failover takes the first that works, and none when all have failed")
{
	const struct route r = chain(CHAIN_FAILOVER, 3, 1);

	EXPECT_STR(begin(&r), "a");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "b");
	EXPECT_STR(after(ERR_PROXY_GARBLED, 0), "c");
	EXPECT_STR(after(ERR_PROXY_SILENT, 0), "none");
	EXPECT_STR(hops(), "c");
}

RUNTIME_TEST("what has failed is left out by the next dial, and comes last when all have")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);

	begin(&r);
	after(ERR_PROXY_DOWN, 0);
	EXPECT_STR(begin(&r), "b");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "a");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "none");
	EXPECT_STR(begin(&r), "a");
}

RUNTIME_TEST("what has rested is tried by one dial, which is on trial; the others go past it")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);
	const struct leg leg = {NULL, &a};

	begin(&r);
	EXPECT(!p.on_trial);
	after(ERR_PROXY_SILENT, 0);
	while (health_of(&leg) == HEALTH_RESTING)
		usleep(10 * 1000);
	EXPECT_STR(begin(&r), "a");
	EXPECT(p.on_trial);
	EXPECT_STR(begin(&r), "b");
	EXPECT(!p.on_trial);
}

RUNTIME_TEST("an error of the destination is no reason to try another proxy")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);

	for (int rc = ERR_TARGET_DENIED; rc <= ERR_TARGET_TIMED_OUT; rc++) {
		begin(&r);
		EXPECT_STR(after(rc, 0), "none");
	}
	EXPECT_STR(begin(&r), "a");
}

RUNTIME_TEST("what may be the destination's error or the proxy's is tried elsewhere, told in the end, and held against no proxy")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);

	begin(&r);
	EXPECT_STR(after_close(ERR_TARGET_HUNG_UP, 0), "b");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "none");
	EXPECT_INT(path_verdict(&p, ERR_PROXY_DOWN), ERR_TARGET_HUNG_UP);
	EXPECT_STR(begin(&r), "a");
}

RUNTIME_TEST("without time there is no other path")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);

	begin(&r);
	EXPECT(!path_next(&p, &(struct setback){.rc = ERR_PROXY_SILENT, .n = 1, .late = true, .since = clock_now()}));
	EXPECT_STR(begin(&r), "b");
}

RUNTIME_TEST("dynamic leaves out what is dead, wherever it stands")
{
	const struct route r = chain(CHAIN_DYNAMIC, 4, 1);

	EXPECT_STR(begin(&r), "abcd");
	EXPECT_STR(after(ERR_PROXY_DOWN, 1), "acd");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "bcd");
	EXPECT_STR(after(ERR_PROXY_DOWN, 2), "bc");
	EXPECT_STR(begin(&r), "bc");
}

RUNTIME_TEST("a hop that another one may not reach is left out, not the other")
{
	const struct route r = chain(CHAIN_DYNAMIC, 3, 1);

	begin(&r);
	EXPECT_STR(after(ERR_TARGET_DENIED, 0), "ac");
}

RUNTIME_TEST("dynamic leaves out no hop that lives: not one that cannot do what is asked, nor one that hangs up again and again")
{
	const struct route r = chain(CHAIN_DYNAMIC, 2, 1);

	begin(&r);
	EXPECT_STR(after(ERR_PROXY_ADDRESS, 1), "none");
	begin(&r);
	EXPECT_STR(after_close(ERR_TARGET_HUNG_UP, 1), "ab");
	EXPECT_STR(after(ERR_PROXY_DOWN, 1), "a");
	begin(&r);
	EXPECT_STR(after_close(ERR_TARGET_HUNG_UP, 0), "a");
	EXPECT_STR(after_close(ERR_TARGET_HUNG_UP, 0), "a");
	EXPECT_STR(after_close(ERR_TARGET_HUNG_UP, 0), "none");
}

RUNTIME_TEST("round-robin begins behind the last of the path before, and goes round")
{
	const struct route r = chain(CHAIN_ROUND_ROBIN, 3, 2);

	EXPECT_STR(begin(&r), "ab");
	EXPECT_STR(begin(&r), "ca");
	EXPECT_STR(begin(&r), "bc");
	EXPECT_STR(begin(&r), "ab");
}

RUNTIME_TEST("round-robin goes past what is dead")
{
	const struct route r = chain(CHAIN_ROUND_ROBIN, 3, 1);

	EXPECT_STR(begin(&r), "a");
	EXPECT_STR(begin(&r), "b");
	EXPECT(strchr("ac", after(ERR_PROXY_DOWN, 0)[0]));
	int count[2] = {0};
	for (int i = 0; i < 10; i++)
		count[begin(&r)[0] == 'c']++;
	EXPECT_INT(count[0], 5);
}

RUNTIME_TEST("random draws as many as it should, none twice, and each as often as any other")
{
	const struct route r = chain(CHAIN_RANDOM, 4, 2);
	int first[4] = {0}, second[4] = {0};

	for (int i = 0; i < 8000; i++) {
		const char *const drawn = begin(&r);
		EXPECT(strlen(drawn) == 2 && drawn[0] != drawn[1]);
		first[drawn[0] - 'a']++;
		second[drawn[1] - 'a']++;
	}
	for (int i = 0; i < 4; i++) /* 2000, with a deviation of 39 */
		EXPECT(first[i] > 1750 && first[i] < 2250 && second[i] > 1750 && second[i] < 2250);
}

RUNTIME_TEST("random chains are shorter than asked for never")
{
	const struct route r = chain(CHAIN_RANDOM, 2, 2);

	begin(&r);
	const char first = hops()[0];
	after(ERR_PROXY_DOWN, 1);
	EXPECT_INT(strlen(hops()), 2);
	EXPECT(hops()[0] != first);
	EXPECT_STR(after(ERR_PROXY_DOWN, 1), "none");
}

RUNTIME_TEST("a hop that closes the connection to reach another may itself be what died: both are tried otherwise")
{
	const struct route r = chain(CHAIN_ROUND_ROBIN, 3, 2);

	EXPECT_STR(begin(&r), "ab");
	after_close(ERR_PROXY_DOWN, 1);
	for (int i = 0; i < 4 && p.hops[0] == &a; i++)
		after(ERR_PROXY_DOWN, 0);
	EXPECT(p.n == 2 && p.hops[0] != &a);
}

RUNTIME_TEST("a hop that fails elsewhere, behind another one, is known to be dead along this path")
{
	const struct route r = chain(CHAIN_DYNAMIC, 3, 1);
	const int64_t since = clock_now();

	begin(&r);
	EXPECT_INT(path_dead(&p, 2, since), 3);
	health_failed(&(struct leg){&c, &b}, clock_now());
	EXPECT_INT(path_dead(&p, 0, since), 1);
	EXPECT_INT(path_dead(&p, 2, since), 1);
	begin(&strict);
	EXPECT_INT(path_dead(&p, 1, since), 2);
}

RUNTIME_TEST("fastest measures each once, and then takes the one that answers soonest")
{
	const struct route r = chain(CHAIN_FASTEST, 3, 1);
	static const int64_t takes[] = {30 * NS_PER_MS, 10 * NS_PER_MS, 20 * NS_PER_MS};
	int count[3] = {0};

	for (int i = 0; i < 3; i++) {
		const int at = begin(&r)[0] - 'a';
		count[at]++;
		path_answered(&p, 0, takes[at]);
	}
	EXPECT(count[0] == 1 && count[1] == 1 && count[2] == 1);
	EXPECT_STR(begin(&r), "b");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "c");
	EXPECT_STR(begin(&r), "c");
}

RUNTIME_TEST("chains among the hops choose for themselves, in one path")
{
	const struct route first = chain(CHAIN_FAILOVER, 2, 1);
	const struct route *const members[] = {&first, &single[2]};
	const struct route r = {
		.kind = ROUTE_CHAIN, .name = "outer", .hops = all, .n = 3, .members = members, .n_members = 2, .length = 1};

	EXPECT_STR(begin(&r), "ac");
	EXPECT_STR(after(ERR_PROXY_DOWN, 0), "bc");
	EXPECT_STR(begin(&r), "bc");
	EXPECT_STR(after(ERR_PROXY_DOWN, 1), "ac");
	EXPECT_STR(after(ERR_PROXY_DOWN, 1), "none");
}

RUNTIME_TEST("a proxy that carries no UDP is passed by for UDP alone")
{
	const struct route r = chain(CHAIN_FAILOVER, 2, 1);

	EXPECT(path_begin(&p, &r, COMMAND_ASSOCIATE, &target));
	EXPECT_STR(after(ERR_UDP_UNSUPPORTED, 0), "b");
	EXPECT(path_begin(&p, &r, COMMAND_ASSOCIATE, &target));
	EXPECT_STR(hops(), "b");
	EXPECT_STR(begin(&r), "a");
}
