/* SPDX-License-Identifier: MIT */
/* pending: put a decoy under the number, dial the socket on the engine, put that or a clone back, and wake the sleepers. */
#include "fd/pending.h"

#include <sched.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "fd/epoll.h"
#include "fd/fork_gate.h"
#include "fd/hidden.h"
#include "fd/journaled.h"
#include "fd/pending_pool.h"
#include "fd/sigio.h"
#include "fd/twin.h"
#include "sys_resolve.h"

enum { BRIEF_MS = 20 }; /* how long a thread that connects may take no signals */

static atomic_int pendings; /* in this process */

struct pending *pending_new(void)
{
	struct pending *p = pending_pool_take();

	if (!p)
		return NULL;
	p->dialling.job.fd = -1;
	p->dialling.owner = p;
	p->real = -1;
	p->line = fork_line_none;
	p->owner = getpid();
	pendings++;
	return p;
}

static void free_but_decoy(struct pending *p)
{
	pendings--;
	if (p->dialling.job.fd != p->real)
		own_close(p->dialling.job.fd);
	own_close(p->real);
	pending_pool_give(p, p->shared);
}

/* A child that shares `p` may yet want to know the decoy: leave it there. */
void pending_free(struct pending *p)
{
	struct decoy *decoy = p->decoy;

	free_but_decoy(p);
	if (!decoy)
		return;
	decoy_wake(decoy);
	decoy_give(decoy);
}

static int place(struct pending *p, struct fd_entry *entry)
{
	int rc;

	p->real = hidden_dup(p->fd);
	if (p->real < 0)
		return p->real;
	p->decoy = decoy_take(&rc);
	if (!p->decoy)
		return rc;
	rc = fd_epoll_replace(entry, p->fd, decoy_fd(p->decoy));
	if (rc)
		return rc;
	sigio_hold(p->real, p->flags);
	fd_entry_become(entry, FD_STREAM);
	entry->stream.pending = p;
	fd_entry_set(entry, FD_PENDING);
	return 0;
}

/* Put a socket in the place of the one that was dialled before, which an abandoning thread may be looking at. While nobody can abandon the
 * dial yet, begin() has the lock. */
static int exchange(struct dial_job *j, int fd)
{
	const struct pending *p = j->owner;

	if (j->go)
		lock_take(&p->entry->lock);
	const int before = atomic_exchange(&j->job.fd, fd);
	if (j->go)
		lock_give(&p->entry->lock);
	if (before != p->real && before != fd)
		own_close(before);
	return fd;
}

/* Returns the socket to dial: the application's own if that can reach the first hop, else a clone. The kernel then checks no more that
 * the application's address is of its socket's family. */
static int carrier(struct dial_job *j, int family)
{
	const struct pending *p = j->owner;

	if (family == p->family)
		return exchange(j, p->real);
	const int clone = sys_option(p->real, SO_DOMAIN) == p->family ? clone_make(p->real, family) : -EAFNOSUPPORT;
	return clone < 0 ? clone : exchange(j, clone);
}

/* Leave an abandoned socket alone: the application may already connect it anew. */
static int unless_abandoned(struct pending *p, int (*touch)(struct pending *))
{
	int rc = -ECANCELED;

	lock_take(&p->entry->lock);
	if (!p->abandoned)
		rc = touch(p);
	lock_give(&p->entry->lock);
	return rc;
}

/* Wait for an attempt at the name's other placeholder: if it fails, so does this one; if it stands, the program closes one of the two. Returns
 * DIAL_HELD, an err, or 0 once this one is to be dialled after all. */
static int await_twin(struct pending *p)
{
	int64_t ended;
	int rc;
	const enum twin state = twin_state(p->twin, &rc, &ended);
	const int64_t until = state == TWIN_OUT ? INT64_MAX : ended + NS_PER_S;

	if (state == TWIN_FAILED && rc < -4095)
		return rc;
	if (state == TWIN_OUT || (state == TWIN_STANDS && clock_now() < until)) {
		dial_hold(&p->dialling.dial, until);
		return DIAL_HELD;
	}
	p->twin = 0;
	dial_release(&p->dialling.dial);
	return 0;
}

static int next(struct pending *p)
{
	const int rc = p->twin ? await_twin(p) : 0;

	return rc ? rc : dial_next(&p->dialling.dial, p->dialling.job.fd);
}

static int go(struct dial_job *j)
{
	return unless_abandoned(j->owner, next);
}

void pending_unmark(struct fd_entry *entry)
{
	entry->stream.pending = NULL;
	fd_entry_over(entry);
}

/* Make the socket poll like one whose connection was refused: readable, writable, hung up; or, when connect(2) tells, like one that may
 * connect again. */
static int fail(struct pending *p)
{
	if (p->heard)
		dial_clear(p->real);
	else
		dial_disconnect(p->real);
	return p->heard ? 0 : (int)sys_rc(sys.shutdown(p->real, SHUT_RDWR));
}

/* Remember how the dial ended, for calls that ask. */
static void note_end(const struct pending *p, struct fd_entry *entry, bool failed)
{
	const int rc = p->dialling.want;

	if (!failed)
		fd_entry_connected(entry, p->fd, p->instead || p->dialling.dial.route->kind == ROUTE_CHAIN ? &p->to : NULL);
	else if (!p->heard)
		fd_entry_failed(entry, p->fd, rc < 0 ? err_errno(rc) : ECONNABORTED);
	else
		fd_entry_unheard(entry, p->fd);
	if (!failed)
		bound_name_learn(p->fd, NULL, &p->dialling.dial);
	journaled_dial(entry, p->fd, &p->dialling.dial, failed && rc == 0 ? -ECONNABORTED : rc);
	if (!p->heard)
		fd_entry_set(entry, FD_NEWS);
}

static void put_back(struct pending *p, struct fd_entry *entry, int dialled)
{
	bool failed = p->dialling.want != DIAL_DONE || dialled < 0;
	const int instead = failed || !p->instead ? -1 : p->instead(dialled, &p->to);

	if (!failed && p->instead) {
		failed = instead < 0;
		dialled = instead;
	}
	if (p->lowat)
		sys.setsockopt(p->real, SOL_SOCKET, SO_RCVLOWAT, &p->lowat, sizeof(p->lowat));
	if (!failed && dialled != p->real && !p->instead)
		clone_copy_options(dialled, p->real);
	if (fd_epoll_replace(entry, p->fd, failed ? p->real : dialled) == 0)
		note_end(p, entry, failed);
	if (p->flags & O_ASYNC)
		sigio_release(p->fd, failed);
	own_close(instead);
}

void pending_finish(struct pending *p, int dialled)
{
	struct fd_entry *entry = p->entry;

	lock_take(&entry->lock);
	if (entry->stream.pending == p) {
		if (decoy_is_at(p->decoy, p->fd))
			put_back(p, entry, dialled);
		pending_unmark(entry);
	}
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
}

/* A connect(2) whose socket is shut down or dissolved meanwhile fails as the kernel's does. */
static int result(const struct pending *p)
{
	return p->abandoned ? -ECONNRESET : p->dialling.want;
}

static void settle(struct dial_job *j)
{
	struct pending *p = j->owner;
	const bool told = p->outcome && outcome_claim(p->outcome);

	p->heard = p->here || told;
	if (!p->abandoned && !p->twin)
		dial_report(&j->dial, j->want);
	twin_end(p->attempt, p->abandoned ? -ECANCELED : j->want);
	if (j->want < 0)
		unless_abandoned(p, fail);
	p->settled = true;
	pending_finish(p, j->job.fd);
	fork_line_hang_up(&p->line);
	if (!told) {
		pending_free(p);
		return;
	}
	outcome_tell(p->outcome, result(p));
	decoy_wake_later(p->decoy);
	free_but_decoy(p);
}

static void lock_between_forks(struct fd_entry *entry)
{
	for (lock_take(&entry->lock); !fork_gate_enter(); lock_take(&entry->lock)) {
		lock_give(&entry->lock);
		sched_yield();
	}
}

/* Put the decoy under the number, and dial as far as that goes at once. Returns 0, or -errno if there is no decoy. */
static int begin(struct pending *p, struct fd_entry *entry)
{
	p->entry = entry;
	p->dialling.make = carrier;
	p->dialling.end = settle;
	lock_between_forks(entry);
	const int rc = place(p, entry);
	if (rc == 0 && !p->twin)
		dial_try(&p->dialling, 0); /* nobody can abandon it yet */
	else if (rc && p->lowat)
		sys.setsockopt(p->fd, SOL_SOCKET, SO_RCVLOWAT, &p->lowat, sizeof(p->lowat));
	fork_gate_leave();
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
	p->dialling.go = go;
	return rc;
}

int pending_start(struct pending *p, struct fd_entry *entry)
{
	const int rc = begin(p, entry);

	if (rc) {
		twin_end(p->attempt, -ECANCELED);
		pending_free(p);
	} else {
		dial_start(&p->dialling);
	}
	return rc;
}

/* A fork looks at what is pending in order to share it with the child; the engine, which settles all others, stands still for that. */
static void settle_between_forks(struct pending *p)
{
	while (!fork_gate_enter())
		sched_yield();
	settle(&p->dialling);
	fork_gate_leave();
}

int pending_run(struct pending *p, struct fd_entry *entry, struct outcome **outcome)
{
	sys_plain_no_more();
	p->here = true;
	int rc = begin(p, entry);
	if (rc) {
		pending_free(p);
		return rc;
	}
	if (dial_try(&p->dialling, clock_in_ms(BRIEF_MS))) {
		rc = result(p);
		settle_between_forks(p);
		return rc;
	}
	*outcome = p->outcome = outcome_new();
	p->here = false;
	dial_start(&p->dialling);
	return -EINPROGRESS;
}

/* True if a thread is in connect(2). */
static bool awaited(const struct pending *p)
{
	return p->here || (p->outcome && outcome_is_open(p->outcome));
}

int pending_dialled(const struct pending *p)
{
	return p->dialling.job.fd < 0 ? p->real : p->dialling.job.fd;
}

/* End the dial for every process. The engine sees the hang-up, or is told to look if there is no descriptor yet; finding the dial
 * abandoned, it frees `p`. */
static void give_up(struct pending *p, struct fd_entry *entry, int fd, bool back)
{
	const int dialled = pending_dialled(p);

	p->abandoned = true;
	dial_disconnect(dialled);
	if (back && decoy_is_at(p->decoy, fd) && fd_epoll_replace(entry, fd, p->real) == 0) {
		if (awaited(p))
			dial_clear(p->real); /* connect(2) tells */
		else
			fd_entry_failed(entry, fd, ECONNRESET);
	}
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
	/* A mere close ends neither the dial of other processes nor a connect(2) in another thread. */
	if (p && (back || !(p->shared || awaited(p))))
		give_up(p, entry, fd, back);
	if (p && !back)
		fd_epoll_leave(entry, fd);
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
