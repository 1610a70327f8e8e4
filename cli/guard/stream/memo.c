/* SPDX-License-Identifier: MIT */
/* memo: a table by the cookie: the kernel counts them upwards, so that neighbours lie apart and the new overwrites the oldest. */
#include "cli/guard/stream/memo.h"

#include <stddef.h>

enum { MEMOS = 32768 };

static struct memo memos[MEMOS];

static struct memo *place_of(uint64_t cookie)
{
	return &memos[cookie % MEMOS];
}

struct memo *memo_find(uint64_t cookie)
{
	struct memo *const m = place_of(cookie);

	return cookie && m->cookie == cookie ? m : NULL;
}

struct memo *memo_make(uint64_t cookie)
{
	struct memo *const m = place_of(cookie);

	*m = (struct memo){.cookie = cookie};
	return m;
}

void memo_drop(uint64_t cookie)
{
	struct memo *const m = memo_find(cookie);

	if (m)
		*m = (struct memo){0};
}
