/* SPDX-License-Identifier: MIT */
/* pending: put a decoy under the number, dial the socket on the engine, put that or a clone back, and wake the sleepers. */
#include "fd/pending.h"

#include <limits.h>
#include <sched.h>

#include "core/base/err.h"
#include "core/base/futex.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/clone.h"
#include "fd/epoll.h"
#include "fd/fork_gate.h"
#include "fd/hidden.h"

static atomic_int pendings; /* in this process */

struct pending *pending_new(void)
{
	struct pending *p = pages_take_shared(sizeof(*p));

	if (!p)
		return NULL;
	p->dialling.job.fd = -1;
	p->dialling.owner = p;
	p->real = p->decoy.fd = p->decoy.waker = -1;
	p->line = fork_line_none;
	p->owner = getpid();
	pendings++;
	return p;
}

void pending_free(struct pending *p)
{
	pendings--;
	if (p->dialling.job.fd != p->real)
		own_close(p->dialling.job.fd);
	own_close(p->real);
	pages_free(p, sizeof(*p));
}

static int place(struct pending *p, struct fd_entry *entry)
{
	int rc = decoy_make(&p->decoy, !(p->flags & O_NONBLOCK));

	if (rc)
		return rc;
	p->real = hidden_dup(p->fd);
	rc = p->real < 0 ? p->real : fd_epoll_replace(entry, p->fd, p->decoy.fd);
	sys.close(p->decoy.fd);
	if (rc) {
		own_close(p->real);
		decoy_release(&p->decoy);
		p->real = -1;
		return rc;
	}
	fd_entry_become(entry, FD_STREAM);
	entry->stream.pending = p;
	fd_entry_set(entry, FD_PENDING);
	return 0;
}

/* Returns the socket to dial: the application's own if that can reach the first hop, else a clone. */
static int carrier(struct dial_job *j, int family)
{
	const struct pending *p = j->owner;

	return family == p->family ? p->real : clone_make(p->real, family);
}

/* Leave an abandoned socket alone: the application may already connect it anew. */
static int unless_abandoned(struct pending *p, int (*touch)(struct pending *))
{
	struct fd_entry *entry = fd_entry_make(p->fd);
	int rc = -ECANCELED;

	if (entry)
		lock_take(&entry->lock);
	if (!p->abandoned)
		rc = touch(p);
	if (entry)
		lock_give(&entry->lock);
	return rc;
}

static int next(struct pending *p)
{
	return dial_next(&p->dialling.dial, p->dialling.job.fd);
}

static int go(struct dial_job *j)
{
	return unless_abandoned(j->owner, next);
}

void pending_unmark(struct fd_entry *entry)
{
	entry->stream.pending = NULL;
	fd_entry_clear(entry, FD_PENDING);
	futex_wake(&entry->flags, INT_MAX);
}

/* Make the socket poll like one whose connection was refused: readable, writable, hung up. */
static int fail(struct pending *p)
{
	dial_disconnect(p->real);
	return (int)sys_rc(sys.shutdown(p->real, SHUT_RDWR));
}

static void put_back(struct pending *p, struct fd_entry *entry, int dialled)
{
	const int rc = p->dialling.want;
	const bool failed = rc != DIAL_DONE || dialled < 0;

	if (p->lowat)
		sys.setsockopt(p->real, SOL_SOCKET, SO_RCVLOWAT, &p->lowat, sizeof(p->lowat));
	if (!failed && dialled != p->real)
		clone_copy_options(dialled, p->real);
	if (fd_epoll_replace(entry, p->fd, failed ? p->real : dialled))
		return;
	if (failed)
		fd_entry_failed(entry, p->fd, rc < 0 ? err_errno(rc) : ECONNABORTED);
	else
		fd_entry_connected(entry, p->fd, p->dialling.dial.route->kind == ROUTE_CHAIN ? &p->to : NULL);
	fd_entry_set(entry, FD_NEWS);
}

void pending_finish(struct pending *p, int dialled)
{
	struct fd_entry *entry = fd_entry_make(p->fd);

	if (!entry)
		return;
	lock_take(&entry->lock);
	if (entry->stream.pending == p) {
		if (decoy_is_at(&p->decoy, p->fd))
			put_back(p, entry, dialled);
		pending_unmark(entry);
	}
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
}

static void settle(struct dial_job *j)
{
	struct pending *p = j->owner;

	if (!p->abandoned)
		dial_report(&j->dial, j->want);
	if (j->want < 0)
		unless_abandoned(p, fail);
	p->settled = true;
	pending_finish(p, j->job.fd);
	fork_barrier(&p->line, &p->decoy);
	pending_free(p);
}

static void lock_between_forks(struct fd_entry *entry)
{
	for (lock_take(&entry->lock); !fork_gate_enter(); lock_take(&entry->lock)) {
		lock_give(&entry->lock);
		sched_yield();
	}
}

int pending_start(struct pending *p, struct fd_entry *entry)
{
	p->dialling.go = go;
	p->dialling.make = carrier;
	p->dialling.end = settle;
	lock_between_forks(entry);
	const int rc = place(p, entry);
	fork_gate_leave();
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
	if (rc) {
		pending_free(p);
		return rc;
	}
	dial_start(&p->dialling);
	return 0;
}

/* End the dial for every process. The engine sees the hang-up, or is told to look if there is no descriptor yet; finding the dial
 * abandoned, it frees `p`. */
static void give_up(struct pending *p, struct fd_entry *entry, int fd, bool back)
{
	const int dialled = p->dialling.job.fd < 0 ? p->real : p->dialling.job.fd;

	p->abandoned = true;
	dial_disconnect(dialled);
	if (back && decoy_is_at(&p->decoy, fd) && fd_epoll_replace(entry, fd, p->real) == 0)
		fd_entry_failed(entry, fd, ECONNRESET);
	if (!back || dialled != p->real)
		sys.shutdown(dialled, SHUT_RDWR);
	if (p->dialling.job.fd < 0)
		engine_look();
}

bool pending_abandon(struct fd_entry *entry, int fd, bool back)
{
	if (!fd_entry_is(entry, FD_PENDING) || fd_table_foreign())
		return false;
	lock_take(&entry->lock);
	struct pending *p = entry->stream.pending;
	/* A mere close in one process does not end the dial of the others. */
	if (p && (back || !p->shared))
		give_up(p, entry, fd, back);
	if (p)
		pending_unmark(entry);
	lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return p;
}

bool pending_any(void)
{
	return pendings;
}
