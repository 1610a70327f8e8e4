/* SPDX-License-Identifier: MIT */
/* fork_barrier: a socket pair per connection; the owner shuts its end down and then waits for the end-of-file from the children. */
#include "fd/fork_barrier.h"

#include <poll.h>

#include "core/base/clock.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "fd/hidden.h"

enum { PATIENCE_MS = 200 }; /* the longest that a stopped child holds up the others */

const struct fork_line fork_line_none = {-1, -1};

struct barrier {
	struct job job; /* job.fd is the owner's end */
	struct decoy decoy;
};

static void begin(struct job *j)
{
	sys.shutdown(j->fd, SHUT_WR);
}

static bool step(struct job *j)
{
	return poll(&(struct pollfd){.fd = j->fd, .events = POLLIN}, 1, 0) == 0 && clock_now() < j->limit;
}

static void end(struct job *j)
{
	struct barrier *b = JOB_OF(struct barrier, job, j);

	own_close(j->fd);
	decoy_release(&b->decoy);
	pages_free(b, sizeof(*b));
}

void fork_line_open(struct fork_line *line)
{
	int pair[2];

	if (line->owner >= 0 || hidden_pair(pair))
		return;
	line->owner = hidden_move(pair[0]);
	line->children = hidden_move(pair[1]);
}

void fork_line_keep(const struct fork_line *line)
{
	hidden_keep(line->owner);
	hidden_keep(line->children);
}

void fork_line_close(const struct fork_line *line)
{
	own_close(line->owner);
	own_close(line->children);
}

void fork_barrier(const struct fork_line *line, const struct decoy *decoy)
{
	struct barrier *b = line->owner < 0 ? NULL : pages_take(sizeof(*b));

	if (!b) {
		decoy_release(decoy);
		fork_line_close(line);
		return;
	}
	own_close(line->children);
	b->decoy = *decoy;
	b->job = (struct job){.fd = line->owner, .begin = begin, .step = step, .end = end, .limit = clock_in_ms(PATIENCE_MS)};
	engine_submit(&b->job);
}
