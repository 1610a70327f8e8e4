/* SPDX-License-Identifier: MIT */
/* reentry: count how deeply this thread is inside libc on our behalf. The guard is told once where in the thread's memory a sign stands while libc may be
 * trusted: no other program, nor another thread under the same number, has that there. */
#include "core/base/reentry.h"

#include <stdint.h>
#include <sys/syscall.h>

#include "core/base/clock.h"
#include "core/base/sys.h"

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

static __thread uint64_t shown, sign; /* 0: none */
static __thread int thread;           /* which has told; the child of a fork is another */

static uint64_t new_sign(int me)
{
	return ((uint64_t)clock_now() << 20 ^ (uint64_t)me) | 1;
}

static void tell(void)
{
	const int me = (int)sys.syscall(SYS_gettid);

	if (me == thread)
		return;
	sign = new_sign(me);
	thread = sys_tell_sign(&shown, sign) ? me : 0;
}

bool reentry_trust(bool trusted)
{
	const bool before = shown != 0;
	const int saved = errno;

	if (trusted && sys_is_marking())
		tell();
	errno = saved;
	shown = trusted ? sign : 0;
	return before;
}
