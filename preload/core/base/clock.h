/* SPDX-License-Identifier: MIT */
/* clock: monotonic time in nanoseconds. */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

static inline int64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static inline int64_t clock_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/* The same, only to a few milliseconds, but cheaper. */
static inline int64_t clock_coarse(void)
{
	return clock_read(CLOCK_MONOTONIC_COARSE);
}

static inline int64_t clock_in_ms(int64_t ms)
{
	return clock_now() + ms * NS_PER_MS;
}

/* Returns the milliseconds that poll(2) must wait so that `limit` has surely passed; 0 if it has. */
static inline int clock_poll_ms(int64_t limit)
{
	const int64_t left = limit - clock_now();

	if (left <= 0)
		return 0;
	return left / NS_PER_MS >= INT_MAX ? INT_MAX : (int)(left / NS_PER_MS) + 1;
}

#endif
