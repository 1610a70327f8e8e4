/* SPDX-License-Identifier: MIT */
/* What is remembered of proxies that keep, or lose, what comes early. */
#include "core/route/early.h"

#include "core/route/health.h"
#include "core/route/health_table.h"
#include "tests/unit/runtime.h"
#include "tests/unit/tap.h"

static const struct proxy one = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_IPV4, .port = 1, .ip = {192, 0, 2, 1}}},
			  two = {.kind = PROXY_SOCKS5, .addr = {.kind = ADDR_IPV4, .port = 2, .ip = {192, 0, 2, 1}}};

/* As if so many seconds had passed. */
static void pass(const struct proxy *p, uint64_t seconds)
{
	struct health_entry *const e = health_table_find(health_key(p, "early"));

	e->early = (e->early & UINT32_MAX) | (e->early >> 32 > seconds ? (e->early >> 32) - seconds : 0) << 32;
}

RUNTIME_TEST("nothing is known of a proxy, and one dial puts it on trial")
{
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_UNKNOWN);
	EXPECT_INT(early_method(&one), METHOD_UNKNOWN);
	EXPECT(early_try(&one, HABIT_WHOLE));
	EXPECT(!early_try(&one, HABIT_WHOLE));
	EXPECT(early_try(&two, HABIT_WHOLE));
}

RUNTIME_TEST("a trial that shows nothing is made again after ten seconds, then after twice as long, at last after an hour")
{
	EXPECT(early_try(&one, HABIT_WHOLE));
	pass(&one, 9);
	EXPECT(!early_try(&one, HABIT_WHOLE));
	pass(&one, 2);
	EXPECT(early_try(&one, HABIT_WHOLE));
	pass(&one, 18);
	EXPECT(!early_try(&one, HABIT_WHOLE));
	for (int i = 0; i < 20; i++) {
		pass(&one, 60 * 60 + 1);
		EXPECT(early_try(&one, HABIT_WHOLE));
	}
}

RUNTIME_TEST("what is kept is known as long as the network is the same, each habit by itself")
{
	early_try(&one, HABIT_WHOLE);
	early_learn(&one, HABIT_WHOLE, EARLY_KEPT);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_KEPT);
	EXPECT_INT(early_of(&one, HABIT_BEHIND), EARLY_UNKNOWN);
	EXPECT_INT(early_of(&two, HABIT_WHOLE), EARLY_UNKNOWN);
	EXPECT(!early_try(&one, HABIT_WHOLE));
	EXPECT(early_try(&one, HABIT_BEHIND));
	early_learn(&one, HABIT_BEHIND, EARLY_KEPT);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_KEPT);
	EXPECT_INT(early_of(&one, HABIT_BEHIND), EARLY_KEPT);
}

RUNTIME_TEST("in another network nothing is known")
{
	early_learn(&one, HABIT_WHOLE, EARLY_KEPT);
	early_chose(&two, true);
	pass(&one, 2);
	pass(&two, 2);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_KEPT);
	health_table_void();
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_UNKNOWN);
	EXPECT_INT(early_method(&two), METHOD_UNKNOWN);
	early_learn(&one, HABIT_WHOLE, EARLY_KEPT);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_KEPT);
}

RUNTIME_TEST("what is lost is believed for a day")
{
	early_learn(&one, HABIT_WHOLE, EARLY_LOST);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_LOST);
	pass(&one, 24 * 60 * 60 - 10);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_LOST);
	EXPECT(!early_try(&one, HABIT_WHOLE));
	pass(&one, 11);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_UNKNOWN);
	EXPECT(early_try(&one, HABIT_WHOLE));
}

RUNTIME_TEST("a doubt ends all that was known, and the next trial is a minute later")
{
	early_learn(&one, HABIT_WHOLE, EARLY_KEPT);
	early_chose(&one, true);
	EXPECT_INT(early_method(&one), METHOD_LOGIN);
	early_doubt(&one);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_UNKNOWN);
	EXPECT_INT(early_method(&one), METHOD_UNKNOWN);
	EXPECT(!early_try(&one, HABIT_WHOLE));
	pass(&one, 61);
	EXPECT(early_try(&one, HABIT_WHOLE));
}

RUNTIME_TEST("the method that was chosen last is known")
{
	early_chose(&one, false);
	EXPECT_INT(early_method(&one), METHOD_OPEN);
	early_learn(&one, HABIT_WHOLE, EARLY_KEPT);
	early_chose(&one, true);
	EXPECT_INT(early_method(&one), METHOD_LOGIN);
	EXPECT_INT(early_of(&one, HABIT_WHOLE), EARLY_KEPT);
}
