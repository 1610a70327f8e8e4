/* SPDX-License-Identifier: MIT */
/* judge: run the filter as the kernel would, by the instructions that filter.c knows. */
#include "cli/guard/filter/judge.h"

#include <stdbool.h>
#include <string.h>

static const struct sock_fprog *filter;

void judge_use(const struct sock_fprog *f)
{
	filter = f;
}

static bool holds(const struct sock_filter *i, uint32_t a)
{
	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == i->k;
	case BPF_JGE:
		return a >= i->k;
	default:
		return a & i->k;
	}
}

uint32_t judge(const struct seccomp_data *call)
{
	uint32_t a = 0;

	for (const struct sock_filter *i = filter->filter;; i++)
		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			memcpy(&a, (const char *)call + i->k, sizeof(a));
			break;
		case BPF_ALU:
			a &= i->k;
			break;
		case BPF_JMP:
			i += holds(i, a) ? i->jt : i->jf;
			break;
		default:
			return i->k;
		}
}
