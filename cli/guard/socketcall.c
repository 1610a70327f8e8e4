/* SPDX-License-Identifier: MIT */
/* socketcall: read the arguments, and have the filter judge the call as if they had stood in registers. */
#include "cli/guard/socketcall.h"

#include <errno.h>
#include <stddef.h>

#include "cli/guard/filter/judge.h"
#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"

/* How many arguments each has, as the kernel counts. */
static const unsigned char arguments[] = {0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4};

static long verdict_on(const struct notice *r)
{
	struct seccomp_data call = {.nr = r->number, .arch = r->arch};

	for (int i = 0; i < 6; i++)
		call.args[i] = r->arg[i];
	const uint32_t verdict = judge(&call), error = verdict & SECCOMP_RET_DATA;
	if (verdict == SECCOMP_RET_USER_NOTIF)
		return 0;
	return verdict == SECCOMP_RET_ALLOW ? NOTICE_PASS : -(long)error;
}

long socketcall_open(struct notice *r)
{
	const uint32_t which = (uint32_t)r->arg[0];
	const int number = which < sizeof(arguments) ? call_by_socketcall(r, (int)which) : -1;
	uint32_t words[6] = {0};

	if (number < 0)
		return NOTICE_PASS;
	const int rc = guest_read(r, words, r->arg[1], arguments[which] * sizeof(*words));
	if (rc)
		return rc;
	r->number = number;
	for (int i = 0; i < 6; i++)
		r->arg[i] = words[i];
	return verdict_on(r);
}
