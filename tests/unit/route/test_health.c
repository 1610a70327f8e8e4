/* SPDX-License-Identifier: MIT */
/* What is remembered of chains. */
#include "core/route/health.h"

#include "tests/unit/tap.h"

static const struct route chains[17];

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
