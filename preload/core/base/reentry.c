/* SPDX-License-Identifier: MIT */
/* reentry: count how deep this thread is in libc on our behalf. */
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
