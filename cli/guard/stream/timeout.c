/* SPDX-License-Identifier: MIT */
/* timeout: a job of the engine's that waits for nothing but its limit. */
#include "cli/guard/stream/timeout.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/dial/engine.h"

struct timeout {
	struct job job;
	void (*f)(uint64_t id);
	uint64_t id;
};

static bool step(struct job *j)
{
	return clock_now() < j->limit;
}

static void end(struct job *j)
{
	struct timeout *const t = JOB_OF(struct timeout, job, j);

	t->f(t->id);
	free(t);
}

void timeout_at(int64_t time, void (*f)(uint64_t id), uint64_t id)
{
	struct timeout *const t = malloc(sizeof(*t));

	if (!t)
		return;
	*t = (struct timeout){.job = {.fd = -1, .step = step, .end = end, .limit = time}, .f = f, .id = id};
	engine_submit(&t->job);
}
