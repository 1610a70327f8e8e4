/* SPDX-License-Identifier: MIT */
/* stay: a counter that one thread sleeps on. */
#include "cli/guard/stream/stay.h"

#include "core/base/futex.h"

static atomic_uint reasons;
static atomic_bool alone;

void stay_hold(void)
{
	reasons++;
}

void stay_release(void)
{
	if (--reasons == 0)
		futex_wake(&reasons, 1);
}

bool stay_is_last(void)
{
	return reasons == 1;
}

void stay_alone(void)
{
	alone = true;
}

bool stay_is_alone(void)
{
	return alone;
}

void stay_wait(void)
{
	for (unsigned n; (n = reasons) != 0;)
		futex_wait(&reasons, n, NULL);
}
