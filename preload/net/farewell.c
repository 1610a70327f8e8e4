/* farewell: the end of a connection's making that forked children have waited for, too. */
#include "net/farewell.h"

#include <poll.h>
#include <stddef.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/clock.h"
#include "net/engine.h"
#include "net/private.h"

enum { PATIENCE_MS = 200 }; /* with a child that is stopped */

struct farewell {
	struct job job; /* job.fd: our end of the roll */
	struct placeholder placeholder;
};

static struct farewell *of(struct job *j)
{
	return (struct farewell *)((char *)j - offsetof(struct farewell, job));
}

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
	struct farewell *f = of(j);

	private_close(j->fd);
	placeholder_release(&f->placeholder);
	pages_free(f, sizeof(*f));
}

void farewell(int roll, const struct placeholder *placeholder)
{
	struct farewell *f = pages_take(sizeof(*f));

	if (!f) {
		placeholder_release(&(struct placeholder){.waker = placeholder->waker});
		private_close(roll);
		return;
	}
	f->placeholder = *placeholder;
	f->job = (struct job){.fd = roll, .begin = begin, .step = step, .end = end, .limit = clock_in_ms(PATIENCE_MS)};
	engine_submit(&f->job);
}
