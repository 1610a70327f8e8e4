/* SPDX-License-Identifier: MIT */
/* fork_inherit: an engine job in the child waits for the owner to finish or to die; the quickest child then takes the dial over. */
#include "fd/fork_inherit.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#include "core/base/clock.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/hidden.h"
#include "fd/pending.h"
#include "fd/pending_pool.h"

enum { LOOK_MS = 20 };

struct inherited {
	struct job job;        /* job.fd: an epoll set of `process` and the line */
	int process;           /* pidfd of the owner, readable when that process ends; -1 where the kernel offers none */
	int parent;            /* our parent at the fork */
	struct fork_line line; /* the owner shuts it down when the dial has ended */
	struct pending *p;
	int carrier; /* the socket being dialled when we forked, or -1 */
	bool adopted;
};

static void watch(struct inherited *o, int fd, unsigned events)
{
	struct epoll_event event = {.events = events};

	if (fd >= 0)
		sys.epoll_ctl(o->job.fd, EPOLL_CTL_ADD, fd, &event);
}

static void watch_owner(struct inherited *o)
{
	const int process = (int)sys.syscall(SYS_pidfd_open, o->p->owner, 0);

	own_close(o->process);
	o->process = process < 0 ? -1 : hidden_move(process);
	watch(o, o->process, EPOLLIN);
}

static void begin(struct job *j)
{
	struct inherited *o = JOB_OF(struct inherited, job, j);
	const int set = epoll_create1(EPOLL_CLOEXEC);

	j->fd = set < 0 ? -1 : hidden_move(set);
	watch(o, o->line.children, EPOLLRDHUP);
	watch_owner(o);
}

/* Without pidfd_open(2), as in a sandbox, look at our parent's number: kill(2) still finds a process that has ended but is not reaped. */
static bool owner_is_gone(const struct inherited *o)
{
	const int owner = o->p->owner;

	if (o->process >= 0)
		return poll(&(struct pollfd){.fd = o->process, .events = POLLIN}, 1, 0) > 0;
	return (owner == o->parent && getppid() != owner) || (kill(owner, 0) < 0 && errno == ESRCH);
}

static bool step(struct job *j)
{
	struct inherited *o = JOB_OF(struct inherited, job, j);
	int owner = o->p->owner;

	j->limit = INT64_MAX;
	if (o->p->settled)
		return false;
	if (!owner_is_gone(o)) {
		if (o->process < 0 || o->line.children < 0)
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
	own_close(o->process);
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
	o->process = -1;
	o->parent = getppid();
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
