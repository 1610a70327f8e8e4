/* SPDX-License-Identifier: MIT */
/* yama: read its setting. */
#include "cli/guard/yama.h"

#include <stdio.h>

enum { DESCENDANTS = 1 };

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

void yama_explain(struct text *problem)
{
	const int value = scope();

	if (value > DESCENDANTS)
		text_add(problem, " (kernel.yama.ptrace_scope is %d)", value);
}
