/* pending: a connection that is being made behind a placeholder, while the application goes on. */
#include "net/pending.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "base/pool.h"
#include "base/sys.h"
#include "conf/err.h"
#include "net/clock.h"
#include "net/farewell.h"
#include "net/gate.h"
#include "net/private.h"
#include "net/twin.h"
#include "net/watch.h"

static atomic_int pendings; /* of this process */

struct pending *pending_new(void)
{
	struct pending *p = pages_take_shared(sizeof(*p));

	if (!p)
		return NULL;
	p->job.fd = -1;
	p->real = p->placeholder.fd = p->placeholder.waker = p->roll[0] = p->roll[1] = -1;
	p->owner = getpid();
	pendings++;
	return p;
}

void pending_free(struct pending *p)
{
	pendings--;
	if (p->job.fd != p->real)
		private_close(p->job.fd);
	private_close(p->real);
	pages_free(p, sizeof(*p));
}

static int place(struct pending *p, struct slot *slot)
{
	int rc = placeholder_make(&p->placeholder, !(p->flags & O_NONBLOCK));

	if (rc)
		return rc;
	p->real = private_dup(p->fd);
	rc = p->real < 0 ? p->real : watch_replace(slot, p->fd, p->placeholder.fd);
	sys.close(p->placeholder.fd);
	if (rc) {
		private_close(p->real);
		placeholder_release(&p->placeholder);
		p->real = -1;
		return rc;
	}
	slot->pending = p;
	slot_set(slot, SLOT_PENDING);
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
	const int twin = twin_make(p->real, family);
	if (twin < 0)
		return twin;
	p->job.fd = twin;
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
	struct slot *slot = slot_make(p->fd);

	if (slot)
		slot_lock(slot);
	if (!p->abandoned)
		touch(p);
	if (slot)
		slot_unlock(slot);
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

static void unmark(struct slot *slot)
{
	slot->pending = NULL;
	slot_clear(slot, SLOT_PENDING);
	sys.syscall(SYS_futex, &slot->flags, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* A socket that polls as one does whose connection was refused: readable, writable, hung up. */
static void fail(struct pending *p)
{
	dial_disconnect(p->real);
	sys.shutdown(p->real, SHUT_RDWR);
}

static void put_back(struct pending *p, struct slot *slot, int carrier)
{
	const bool failed = p->want != DIAL_DONE || carrier < 0;

	if (p->lowat)
		sys.setsockopt(p->real, SOL_SOCKET, SO_RCVLOWAT, &p->lowat, sizeof(p->lowat));
	if (!failed && carrier != p->real)
		twin_dress(carrier, p->real);
	if (watch_replace(slot, p->fd, failed ? p->real : carrier))
		return;
	if (failed)
		slot_failed(slot, p->fd, p->want < 0 ? err_errno(p->want) : ECONNABORTED);
	else
		slot_connected(slot, p->fd, p->dial.via->kind == VIA_CHAIN ? &p->to : NULL);
	slot_set(slot, SLOT_NEWS);
}

void pending_finish(struct pending *p, int carrier)
{
	struct slot *slot = slot_make(p->fd);

	if (!slot)
		return;
	slot_lock(slot);
	if (slot->pending == p) {
		if (placeholder_is_at(&p->placeholder, p->fd))
			put_back(p, slot, carrier);
		unmark(slot);
	}
	slot_unlock(slot);
	watch_return(slot, p->fd);
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
	private_close(p->roll[1]);
	if (p->roll[0] >= 0)
		farewell(p->roll[0], &p->placeholder);
	else
		placeholder_release(&p->placeholder);
	pending_free(p);
}

int pending_start(struct pending *p, struct slot *slot)
{
	p->job.prepare = prepare;
	p->job.begin = begin;
	p->job.step = step;
	p->job.end = settle;
	slot_lock(slot);
	gate_enter();
	const int rc = place(p, slot);
	gate_leave();
	slot_unlock(slot);
	watch_return(slot, p->fd);
	if (rc) {
		pending_free(p);
		return rc;
	}
	engine_submit(&p->job);
	return 0;
}

/* The dial ends for every process: the engine sees the hang-up, finds that nobody waits, and frees `p`. */
static void give_up(struct pending *p, struct slot *slot, int fd, bool back)
{
	const int carrier = p->job.fd < 0 ? p->real : p->job.fd;

	p->abandoned = true;
	dial_disconnect(carrier);
	if (back && placeholder_is_at(&p->placeholder, fd) && watch_replace(slot, fd, p->real) == 0)
		slot_failed(slot, fd, ECONNRESET);
	if (!back || carrier != p->real)
		sys.shutdown(carrier, SHUT_RDWR);
}

bool pending_abandon(struct slot *slot, int fd, bool back)
{
	if (!slot_is(slot, SLOT_PENDING) || slots_foreign())
		return false;
	slot_lock(slot);
	struct pending *p = slot->pending;
	/* What one process merely closes goes on for the others that have it. */
	if (p && (back || !p->shared))
		give_up(p, slot, fd, back);
	if (p)
		unmark(slot);
	slot_unlock(slot);
	watch_return(slot, fd);
	return p;
}

bool pending_any(void)
{
	return pendings;
}

struct entered pending_enter(int fd)
{
	struct slot *slot = slot_find(fd);

	if (!slot || !slot_is(slot, SLOT_PENDING))
		return (struct entered){.fd = fd};
	slot_lock(slot);
	const struct pending *p = slot->pending;
	if (p && placeholder_is_at(&p->placeholder, fd))
		return (struct entered){.fd = p->real, .locked = slot};
	if (p)
		unmark(slot); /* the number was closed behind our back; the dial will find out */
	return (struct entered){.fd = fd, .locked = slot};
}

void pending_leave(struct entered in)
{
	if (in.locked)
		slot_unlock(in.locked);
}

void pending_await(int fd)
{
	struct slot *slot = slot_find(fd);

	if (slot)
		slot_await(slot);
}
