/* SPDX-License-Identifier: MIT */
/* fork_inherit: an engine job in the child waits for the owner to finish or to die; the quickest child then takes the dial over. */
#include "fd/fork_inherit.h"

#include <limits.h>
#include <poll.h>

#include "core/base/clock.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/hidden.h"
#include "fd/pending.h"
#include "fd/pending_pool.h"
#include "fd/process_end.h"
#include "fd/set.h"

enum { LOOK_MS = 20 };

struct inherited {
	struct job job; /* job.fd: an epoll set of `owners` and the line */
	struct process_end owners;
	struct fork_line line; /* the owner shuts it down when the dial has ended */
	struct pending *p;
	int carrier; /* the socket being dialled when we forked, or -1 */
	bool adopted;
};

static void watch_owner(struct inherited *o)
{
	process_end_await(&o->owners, o->p->owner);
	set_add(o->job.fd, o->owners.fd, EPOLLIN);
}

static void begin(struct job *j)
{
	struct inherited *o = JOB_OF(struct inherited, job, j);

	j->fd = set_make();
	set_add(j->fd, o->line.children, EPOLLRDHUP);
	watch_owner(o);
}

static bool step(struct job *j)
{
	struct inherited *o = JOB_OF(struct inherited, job, j);
	int owner = o->owners.process;

	j->limit = INT64_MAX;
	if (o->p->settled)
		return false;
	if (!process_has_ended(&o->owners)) {
		if (o->owners.fd < 0 || o->line.children < 0)
			j->limit = clock_in_ms(LOOK_MS);
		return true;
	}
	o->adopted = atomic_compare_exchange_strong(&o->p->owner, &owner, getpid());
	if (!o->adopted)
		watch_owner(o); /* another child was quicker */
	return !o->adopted;
}

static void end(struct job *j)
{
	struct inherited *o = JOB_OF(struct inherited, job, j);
	struct pending *p = o->p;
	/* We do not have a clone that the owner made after the fork. */
	const int dialled = p->dialling.job.fd;
	const int carrier = dialled == p->real || dialled == o->carrier ? dialled : -1;

	own_close(j->fd);
	process_end_forget(&o->owners);
	if (o->adopted && carrier == dialled) {
		dial_start(&p->dialling);
	} else {
		pending_finish(p, carrier);
		fork_line_close(&o->line);
		pending_free(p);
	}
	pages_free(o, sizeof(*o));
}

static void keep(int fd, struct fd_entry *entry, void *unused)
{
	struct pending *p = entry->stream.pending;

	(void)fd;
	(void)unused;
	hidden_keep(p->real);
	hidden_keep(p->dialling.job.fd);
	decoy_keep(p->decoy);
	pending_pool_keep(p);
	fork_line_keep(&p->line);
}

static void adopt(int fd, struct fd_entry *entry, void *unused)
{
	struct inherited *o = pages_take(sizeof(*o));

	(void)fd;
	(void)unused;
	if (!o)
		return;
	o->p = entry->stream.pending;
	o->p->shared = true; /* the parent may not know yet */
	o->carrier = o->p->dialling.job.fd;
	o->job = (struct job){.begin = begin, .step = step, .end = end, .fd = -1};
	o->owners = process_end_none();
	o->line = o->p->line;
	engine_submit(&o->job);
}

void fork_inherit_keep(void)
{
	fd_table_each(0, UINT_MAX, FD_PENDING, keep, NULL);
}

void fork_inherit_adopt(void)
{
	fd_table_each(0, UINT_MAX, FD_PENDING, adopt, NULL);
}

static void share(int fd, struct fd_entry *entry, void *unused)
{
	struct pending *p = entry->stream.pending;

	(void)fd;
	(void)unused;
	if (!p)
		return;
	p->shared = true;
	fork_line_open(&p->line);
}

bool fork_inherit_prepare(void)
{
	if (!pending_any())
		return false;
	fd_table_each(0, UINT_MAX, FD_PENDING, share, NULL);
	return true;
}
