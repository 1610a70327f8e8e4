/* SPDX-License-Identifier: MIT */
/* pair: two jobs of the engine, one for each socket, either of which pumps both ways. */
#include "cli/clients/pair.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clients/pump.h"
#include "core/dial/engine.h"

struct pair {
	struct job a, b;
	struct pump there, back;
	int jobs; /* that the engine has */
	bool over;
};

static void carry(struct pair *p)
{
	const enum pump_state there = pump(&p->there, p->a.fd, p->b.fd), back = pump(&p->back, p->b.fd, p->a.fd);

	p->a.limit = p->b.limit = INT64_MAX;
	p->over = there == PUMP_BROKEN || back == PUMP_BROKEN || (there == PUMP_DONE && back == PUMP_DONE);
	if (p->over || there == PUMP_BUSY || back == PUMP_BUSY)
		engine_hurry(&p->a);
	if (p->over)
		engine_hurry(&p->b);
}

static bool step(struct pair *p)
{
	if (p->over)
		return false;
	carry(p);
	return true; /* what is over now ends when the engine comes again, at once */
}

static void leave(struct pair *p)
{
	if (--p->jobs)
		return;
	close(p->a.fd);
	close(p->b.fd);
	free(p);
}

static bool step_a(struct job *j)
{
	return step(JOB_OF(struct pair, a, j));
}

static bool step_b(struct job *j)
{
	return step(JOB_OF(struct pair, b, j));
}

static void end_a(struct job *j)
{
	leave(JOB_OF(struct pair, a, j));
}

static void end_b(struct job *j)
{
	leave(JOB_OF(struct pair, b, j));
}

void pair_start(int a, int b, const void *ahead, size_t n)
{
	struct pair *const p = calloc(1, sizeof(*p));

	if (!p) {
		close(a);
		close(b);
		return;
	}
	p->jobs = 2;
	memcpy(p->there.bytes, ahead, n);
	p->there.end = n;
	p->a = (struct job){.step = step_a, .end = end_a, .fd = a, .limit = INT64_MAX};
	p->b = (struct job){.step = step_b, .end = end_b, .fd = b, .limit = INT64_MAX};
	engine_submit(&p->a);
	engine_submit(&p->b);
}
