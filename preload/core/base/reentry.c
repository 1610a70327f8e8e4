/* SPDX-License-Identifier: MIT */
/* reentry: count how deeply this thread is inside libc on our behalf. */
#include "core/base/reentry.h"

static __thread int depth;

void reentry_enter(void)
{
	depth++;
}

void reentry_leave(void)
{
	depth--;
}

bool reentered(void)
{
	return depth > 0;
}
