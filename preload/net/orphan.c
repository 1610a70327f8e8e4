/* orphan: a connection that another process is making for this one: its parent, as long as that lives. */
#include "net/orphan.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/clock.h"
#include "net/pending.h"
#include "net/private.h"

enum { LOOK_MS = 20 };

struct orphan {
	struct job job;    /* job.fd: an epoll set of the owner's process and the roll */
	int process;       /* pidfd; becomes readable when the owner ends; -1: there is no such thing here */
	int parent;        /* at the fork */
	int roll[2];       /* [1] is hung up by the owner when it has settled */
	struct pending *p;
	int carrier;       /* the socket that was being dialled when we forked; -1 if there was none yet */
	bool adopted;
};

static struct orphan *of(struct job *j)
{
	return (struct orphan *)((char *)j - offsetof(struct orphan, job));
}

static void watch(struct orphan *o, int fd, unsigned events)
{
	struct epoll_event event = {.events = events};

	if (fd >= 0)
		sys.epoll_ctl(o->job.fd, EPOLL_CTL_ADD, fd, &event);
}

static void watch_owner(struct orphan *o)
{
	const int process = (int)sys.syscall(SYS_pidfd_open, o->p->owner, 0);

	private_close(o->process);
	o->process = process < 0 ? -1 : private_move(process);
	watch(o, o->process, EPOLLIN);
}

static void begin(struct job *j)
{
	struct orphan *o = of(j);
	const int set = epoll_create1(EPOLL_CLOEXEC);

	j->fd = set < 0 ? -1 : private_move(set);
	watch(o, o->roll[1], EPOLLRDHUP);
	watch_owner(o);
}

/* Without pidfd_open(2), in a sandbox for instance, we have to look; a parent that has ended but is not waited for is still there. */
static bool owner_is_gone(const struct orphan *o)
{
	const int owner = o->p->owner;

	if (o->process >= 0)
		return poll(&(struct pollfd){.fd = o->process, .events = POLLIN}, 1, 0) > 0;
	return (owner == o->parent && getppid() != owner) || (kill(owner, 0) < 0 && errno == ESRCH);
}

static bool step(struct job *j)
{
	struct orphan *o = of(j);
	int owner = o->p->owner;

	j->limit = INT64_MAX;
	if (o->p->settled)
		return false;
	if (!owner_is_gone(o)) {
		if (o->process < 0)
			j->limit = clock_in_ms(LOOK_MS);
		return true;
	}
	o->adopted = atomic_compare_exchange_strong(&o->p->owner, &owner, getpid());
	if (!o->adopted)
		watch_owner(o); /* a sister was quicker */
	return !o->adopted;
}

static void end(struct job *j)
{
	struct orphan *o = of(j);
	struct pending *p = o->p;
	/* A twin that the owner made after the fork is not ours to use. */
	const int carrier = p->job.fd == p->real || p->job.fd == o->carrier ? p->job.fd : -1;

	private_close(j->fd);
	private_close(o->process);
	if (o->adopted && carrier == p->job.fd) {
		engine_submit(&p->job);
	} else {
		pending_finish(p, carrier);
		private_close(o->roll[0]);
		private_close(o->roll[1]);
		private_close(p->placeholder.waker);
		pending_free(p);
	}
	pages_free(o, sizeof(*o));
}

static void keep(int fd, struct slot *slot, void *unused)
{
	const struct pending *p = slot->pending;

	(void)fd;
	(void)unused;
	private_keep(p->real);
	private_keep(p->job.fd);
	private_keep(p->placeholder.waker);
	private_keep(p->roll[0]);
	private_keep(p->roll[1]);
}

static void adopt(int fd, struct slot *slot, void *unused)
{
	struct orphan *o = pages_take(sizeof(*o));

	(void)fd;
	(void)unused;
	if (!o)
		return;
	o->p = slot->pending;
	o->carrier = o->p->job.fd;
	o->job = (struct job){.begin = begin, .step = step, .end = end, .fd = -1};
	o->process = -1;
	o->parent = getppid();
	o->roll[0] = o->p->roll[0];
	o->roll[1] = o->p->roll[1];
	engine_submit(&o->job);
}

void orphans_keep(void)
{
	slots_each(0, UINT_MAX, SLOT_PENDING, keep, NULL);
}

void orphans_adopt(void)
{
	slots_each(0, UINT_MAX, SLOT_PENDING, adopt, NULL);
}

static void share(int fd, struct slot *slot, void *unused)
{
	struct pending *p = slot->pending;

	(void)fd;
	(void)unused;
	if (!p)
		return;
	p->shared = true;
	if (p->roll[0] < 0 && private_pair(p->roll) == 0) {
		p->roll[0] = private_move(p->roll[0]);
		p->roll[1] = private_move(p->roll[1]);
	}
}

bool orphans_prepare(void)
{
	if (!pending_any())
		return false;
	slots_each(0, UINT_MAX, SLOT_PENDING, share, NULL);
	return true;
}
