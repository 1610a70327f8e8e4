/* SPDX-License-Identifier: MIT */
/* live: the connections that are open now, how much they have carried, and how fast. */
#ifndef CLI_REPORT_LIVE_H
#define CLI_REPORT_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/report/connections.h"

struct live {
	struct journal_entry entry;
	const char *state;     /* "established", "closing"; "elsewhere": in another network namespace */
	uint64_t up, down;     /* bytes so far; */
	uint64_t up_s, down_s; /* and a second, since the sample before */
	int64_t age;           /* seconds */
};

struct sample {
	int64_t taken; /* monotonic ns; 0: none yet */
	size_t n;
	struct live *of;
};

/* Take a sample, the fastest first; `before` is the one before, which is freed. */
void live_take(struct sample *, struct sample *before, const struct journal_file *);

#endif
