/* fork_barrier: the end of a connection's making that forked children have waited for, too. */
#include "fd/fork_barrier.h"

#include <poll.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/clock.h"
#include "core/dial/engine.h"
#include "core/base/own.h"

enum { PATIENCE_MS = 200 }; /* with a child that is stopped */

struct barrier {
	struct job job; /* job.fd: our end of the roll */
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
	struct barrier *f = JOB_OF(struct barrier, job, j);

	own_close(j->fd);
	decoy_release(&f->decoy);
	pages_free(f, sizeof(*f));
}

void fork_barrier(int hangup, const struct decoy *decoy)
{
	struct barrier *f = pages_take(sizeof(*f));

	if (!f) {
		decoy_release(&(struct decoy){.waker = decoy->waker});
		own_close(hangup);
		return;
	}
	f->decoy = *decoy;
	f->job = (struct job){.fd = hangup, .begin = begin, .step = step, .end = end, .limit = clock_in_ms(PATIENCE_MS)};
	engine_submit(&f->job);
}
