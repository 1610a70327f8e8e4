/* pending: a connection that is being made behind a placeholder, while the application goes on. */
#include "fd/pending.h"

#include <limits.h>
#include <stddef.h>

#include "core/base/futex.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/base/clock.h"
#include "fd/fork_barrier.h"
#include "fd/fork_gate.h"
#include "fd/hidden.h"
#include "fd/clone.h"
#include "fd/epoll.h"

static atomic_int pendings; /* of this process */

struct pending *pending_new(void)
{
	struct pending *p = pages_take_shared(sizeof(*p));

	if (!p)
		return NULL;
	p->job.fd = -1;
	p->real = p->decoy.fd = p->decoy.waker = p->hangup[0] = p->hangup[1] = -1;
	p->owner = getpid();
	pendings++;
	return p;
}

void pending_free(struct pending *p)
{
	pendings--;
	if (p->job.fd != p->real)
		own_close(p->job.fd);
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

/* The socket to dial: the application's own wherever that can reach the first hop. */
static int find_carrier(struct pending *p)
{
	const int family = dial_family(&p->dial, p->family);

	if (p->job.fd >= 0) /* begun already, by a parent that is gone */
		return 0;
	p->job.fd = p->real;
	if (family == p->family)
		return 0;
	const int clone = clone_make(p->real, family);
	if (clone < 0)
		return clone;
	p->job.fd = clone;
	return 0;
}

static struct pending *of(struct job *j)
{
	return (struct pending *)((char *)j - offsetof(struct pending, job));
}

static void prepare(struct job *j)
{
	struct pending *p = of(j);

	if (p->want == 0 && dial_needs_resolving(&p->dial))
		p->want = dial_resolve(&p->dial, p->family);
}

/* Once given up, the socket is the application's again, who may be connecting it anew. */
static void unless_abandoned(struct pending *p, void (*touch)(struct pending *))
{
	struct fd_entry *entry = fd_entry_make(p->fd);

	if (entry)
		lock_take(&entry->lock);
	if (!p->abandoned)
		touch(p);
	if (entry)
		lock_give(&entry->lock);
}

static void start(struct pending *p)
{
	p->want = dial_connect(&p->dial, p->job.fd, dial_family(&p->dial, p->family), p->flags);
}

static void go_on(struct pending *p)
{
	p->want = dial_step(&p->dial, p->job.fd);
}

/* A dial that an interrupted connect left half-way is begun already. */
static void begin(struct job *j)
{
	struct pending *p = of(j);
	const int rc = find_carrier(p);

	p->dial.eager = true;
	if (p->want == 0)
		p->want = rc;
	if (p->want == 0)
		unless_abandoned(p, start);
}

static bool step(struct job *j)
{
	struct pending *p = of(j);

	if (p->want > DIAL_DONE)
		unless_abandoned(p, go_on);
	if (p->want > DIAL_DONE && clock_now() >= dial_limit(&p->dial))
		p->want = dial_overdue(&p->dial);
	j->limit = dial_limit(&p->dial);
	return p->want > DIAL_DONE && !p->abandoned;
}

static void unmark(struct fd_entry *entry)
{
	entry->stream.pending = NULL;
	fd_entry_clear(entry, FD_PENDING);
	futex_wake(&entry->flags, INT_MAX);
}

/* A socket that polls as one does whose connection was refused: readable, writable, hung up. */
static void fail(struct pending *p)
{
	dial_disconnect(p->real);
	sys.shutdown(p->real, SHUT_RDWR);
}

static void put_back(struct pending *p, struct fd_entry *entry, int carrier)
{
	const bool failed = p->want != DIAL_DONE || carrier < 0;

	if (p->lowat)
		sys.setsockopt(p->real, SOL_SOCKET, SO_RCVLOWAT, &p->lowat, sizeof(p->lowat));
	if (!failed && carrier != p->real)
		clone_copy_options(carrier, p->real);
	if (fd_epoll_replace(entry, p->fd, failed ? p->real : carrier))
		return;
	if (failed)
		fd_entry_failed(entry, p->fd, p->want < 0 ? err_errno(p->want) : ECONNABORTED);
	else
		fd_entry_connected(entry, p->fd, p->dial.route->kind == ROUTE_CHAIN ? &p->to : NULL);
	fd_entry_set(entry, FD_NEWS);
}

void pending_finish(struct pending *p, int carrier)
{
	struct fd_entry *entry = fd_entry_make(p->fd);

	if (!entry)
		return;
	lock_take(&entry->lock);
	if (entry->stream.pending == p) {
		if (decoy_is_at(&p->decoy, p->fd))
			put_back(p, entry, carrier);
		unmark(entry);
	}
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
}

static void settle(struct job *j)
{
	struct pending *p = of(j);

	if (!p->abandoned)
		dial_report(&p->dial, p->want);
	if (p->want < 0)
		unless_abandoned(p, fail);
	p->settled = true;
	pending_finish(p, j->fd);
	own_close(p->hangup[1]);
	if (p->hangup[0] >= 0)
		fork_barrier(p->hangup[0], &p->decoy);
	else
		decoy_release(&p->decoy);
	pending_free(p);
}

int pending_start(struct pending *p, struct fd_entry *entry)
{
	p->job.prepare = prepare;
	p->job.begin = begin;
	p->job.step = step;
	p->job.end = settle;
	lock_take(&entry->lock);
	fork_gate_enter();
	const int rc = place(p, entry);
	fork_gate_leave();
	lock_give(&entry->lock);
	fd_epoll_return(entry, p->fd);
	if (rc) {
		pending_free(p);
		return rc;
	}
	engine_submit(&p->job);
	return 0;
}

/* The dial ends for every process: the engine sees the hang-up, finds that nobody waits, and frees `p`. */
static void give_up(struct pending *p, struct fd_entry *entry, int fd, bool back)
{
	const int carrier = p->job.fd < 0 ? p->real : p->job.fd;

	p->abandoned = true;
	dial_disconnect(carrier);
	if (back && decoy_is_at(&p->decoy, fd) && fd_epoll_replace(entry, fd, p->real) == 0)
		fd_entry_failed(entry, fd, ECONNRESET);
	if (!back || carrier != p->real)
		sys.shutdown(carrier, SHUT_RDWR);
}

bool pending_abandon(struct fd_entry *entry, int fd, bool back)
{
	if (!fd_entry_is(entry, FD_PENDING) || fd_table_foreign())
		return false;
	lock_take(&entry->lock);
	struct pending *p = entry->stream.pending;
	/* What one process merely closes goes on for the others that have it. */
	if (p && (back || !p->shared))
		give_up(p, entry, fd, back);
	if (p)
		unmark(entry);
	lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return p;
}

bool pending_any(void)
{
	return pendings;
}

struct entered pending_enter(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_PENDING))
		return (struct entered){.fd = fd};
	lock_take(&entry->lock);
	const struct pending *p = entry->stream.pending;
	if (p && decoy_is_at(&p->decoy, fd))
		return (struct entered){.fd = p->real, .locked = entry};
	if (p)
		unmark(entry); /* the number was closed behind our back; the dial will find out */
	return (struct entered){.fd = fd, .locked = entry};
}

void pending_leave(struct entered in)
{
	if (in.locked)
		lock_give(&in.locked->lock);
}

void pending_await(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (entry)
		fd_entry_await(entry);
}
