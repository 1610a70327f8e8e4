/* SPDX-License-Identifier: MIT */
/* What is remembered of proxies and chains, and known to other processes. */
#include "core/route/health.h"

#include <sys/resource.h>
#include <time.h>

#include "core/base/clock.h"
#include "tests/unit/runtime.h"
#include "tests/unit/tap.h"

static const struct proxy one = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_IPV4, .port = 1, .ip = {192, 0, 2, 1}}},
			  two = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_IPV4, .port = 2, .ip = {192, 0, 2, 1}}};
static const struct leg first = {NULL, &one}, behind = {&one, &two}, other = {NULL, &two};
static const struct route chains[17];

/* Until the leg has rested. */
static void await(const struct leg *leg)
{
	while (health_of(leg) == HEALTH_RESTING)
		nanosleep(&(struct timespec){.tv_nsec = 10 * NS_PER_MS}, NULL);
}

RUNTIME_TEST("a leg that failed rests for a second, and no other leg does, not even another to the same hop")
{
	EXPECT_INT(health_of(&behind), HEALTH_FINE);
	health_failed(&behind, clock_now());
	EXPECT_INT(health_of(&behind), HEALTH_RESTING);
	EXPECT(health_rest(&behind) > 900 && health_rest(&behind) <= 1000);
	EXPECT_INT(health_of(&first), HEALTH_FINE);
	EXPECT_INT(health_of(&other), HEALTH_FINE);
}

RUNTIME_TEST("when it has rested one connection tries it; if that fails the rest is twice as long, and over when one succeeds")
{
	health_failed(&first, clock_now());
	await(&first);
	EXPECT_INT(health_of(&first), HEALTH_DUE);
	EXPECT(health_claim(&first));
	EXPECT(!health_claim(&first));
	EXPECT_INT(health_of(&first), HEALTH_RESTING);
	health_failed(&first, clock_now());
	EXPECT(health_rest(&first) > 1900 && health_rest(&first) <= 2000);
	health_answered(&first, 0);
	EXPECT_INT(health_of(&first), HEALTH_FINE);
	health_failed(&first, clock_now());
	EXPECT(health_rest(&first) <= 1000);
}

RUNTIME_TEST("what passes between a look at one clock and at the other is no sleep, in which all would be forgotten")
{
	bool forgotten = false;

	health_failed(&first, clock_now());
	for (int i = 0; i < 500 * 1000 && !forgotten; i++)
		forgotten = health_of(&first) == HEALTH_FINE;
	EXPECT(!forgotten);
}

RUNTIME_TEST("failures of attempts that were under way together count as one")
{
	const int64_t before = clock_now() - NS_PER_S;

	health_failed(&first, before);
	health_failed(&first, before);
	health_failed(&first, before);
	EXPECT(health_rest(&first) <= 1000);
	EXPECT(health_has_failed(&first, before));
	EXPECT(!health_has_failed(&other, before));
}

RUNTIME_TEST("a rest is never longer than a minute")
{
	for (int i = 0; i < 20; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 2 * NS_PER_MS}, NULL); /* each its own attempt */
		health_failed(&first, clock_now());
	}
	EXPECT(health_rest(&first) > 59000 && health_rest(&first) <= 60000);
}

RUNTIME_TEST("without a route a leg does not rest, and when it is reached again nothing else does")
{
	health_unrouted(&first);
	EXPECT_INT(health_of(&first), HEALTH_FINE);
	health_failed(&other, clock_now());
	EXPECT_INT(health_of(&other), HEALTH_RESTING);
	nanosleep(&(struct timespec){.tv_nsec = 2 * NS_PER_MS}, NULL);
	health_answered(&first, 0);
	EXPECT_INT(health_of(&other), HEALTH_FINE);
}

RUNTIME_TEST("a delay is known once it was measured; one who measures is enough")
{
	EXPECT_INT(health_delay(&first), 0);
	health_measuring(&first);
	EXPECT(health_delay(&first) > 1000 * 1000 * 1000);
	health_answered(&first, 3 * NS_PER_MS);
	EXPECT(health_delay(&first) >= 3000 && health_delay(&first) < 3010);
	health_answered(&first, 5 * NS_PER_MS);
	EXPECT(health_delay(&first) >= 4000 && health_delay(&first) < 4010);
}

static void another_process(void)
{
	EXPECT_INT(health_of(&first), HEALTH_RESTING);
	EXPECT_INT(health_turn(&(struct route){.name = "chain", .length = 2}), 2);
}

static void one_process(void)
{
	health_failed(&first, clock_now());
	EXPECT_INT(health_turn(&(struct route){.name = "chain", .length = 2}), 0);
}

TEST("processes that have nothing in common but the directory know the same; in another directory nothing is known")
{
	enter_runtime();
	in_child(one_process);
	in_child(another_process);
	leave_runtime();
}

static void without_file(void)
{
	health_failed(&first, clock_now());
	EXPECT_INT(health_of(&first), HEALTH_RESTING);
	in_child(another_process); /* a forked child has the memory */
}

static void in_vain(void)
{
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){0});
	health_turn(&(struct route){.name = "chain", .length = 2});
	without_file();
}

TEST("where there is no room for a file, the process and its forks learn for themselves")
{
	enter_runtime();
	in_child(in_vain);
	leave_runtime();
}

TEST("a chain that has refused UDP is known to, and no other")
{
	EXPECT(!health_refuses_udp(&chains[0]));
	health_refused_udp(&chains[0]);
	EXPECT(health_refuses_udp(&chains[0]));
	EXPECT(!health_refuses_udp(&chains[1]));
}

TEST("of many such chains the latest 16 are remembered")
{
	for (int i = 0; i < 17; i++)
		health_refused_udp(&chains[i]);
	EXPECT(!health_refuses_udp(&chains[0]));
	for (int i = 1; i < 17; i++)
		EXPECT(health_refuses_udp(&chains[i]));
}
