/* SPDX-License-Identifier: MIT */
/* yama: read its setting, which does not count for who may trace everybody. */
#include "cli/guard/yama.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool may_trace_everybody(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

	return syscall(SYS_capget, &head, data) == 0 && data[0].effective & CAP_TO_MASK(CAP_SYS_PTRACE);
}

/* Returns 0 where there is no such module. */
static int scope(void)
{
	FILE *const f = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int value = 0;

	if (f && fscanf(f, "%d", &value) != 1)
		value = 0;
	if (f)
		fclose(f);
	return value;
}

bool yama_lets(struct text *problem)
{
	const int value = scope();

	if (value == 0 || may_trace_everybody())
		return true;
	text_add(problem, "kernel.yama.ptrace_scope is %d, so a supervisor may not look into what the command starts", value);
	return false;
}
