/* engine: one thread, there only while it has work, that carries pending dials on. */
#include "net/engine.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <utlist.h>

#include "base/sys.h"
#include "net/inside.h"
#include "net/pending.h"
#include "net/private.h"

enum {
	LINGER_MS = 50, /* programs look at their thread count before fork, unshare and setuid */
	STACK = 256 * 1024, /* libc's resolver runs on it */
	BATCH = 64,
};

static struct {
	_Atomic(struct pending *) inbox; /* submitted, newest first */
	atomic_bool running;
	atomic_int set, bell; /* epoll set and eventfd; kept once made, as a submitter may be about to ring */
	struct pending *dials; /* the thread's own */
	int64_t check;         /* no time limit ends before this */
	pthread_mutex_t still; /* held while dials are in motion, never while waiting */
} engine = {.set = -1, .bell = -1, .still = PTHREAD_MUTEX_INITIALIZER};

static bool make_descriptors(void)
{
	if (engine.set < 0) {
		const int set = epoll_create1(EPOLL_CLOEXEC);
		engine.set = set < 0 ? -1 : private_move(set);
	}
	if (engine.bell < 0) {
		const int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		engine.bell = bell < 0 ? -1 : private_move(bell);
		struct epoll_event event = {.events = EPOLLIN | EPOLLET};
		if (engine.bell >= 0)
			sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, engine.bell, &event);
	}
	return engine.set >= 0 && engine.bell >= 0;
}

static bool watch(struct pending *p)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = p};

	return sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, p->carrier, &event) == 0;
}

static void end(struct pending *p)
{
	sys.epoll_ctl(engine.set, EPOLL_CTL_DEL, p->carrier, &(struct epoll_event){0});
	DL_DELETE(engine.dials, p);
	pending_settle(p);
}

static void begin(struct pending *p)
{
	DL_APPEND(engine.dials, p);
	pending_connect(p);
	if (p->want > DIAL_DONE && !watch(p))
		p->want = -errno;
	const int64_t limit = dial_limit(&p->dial);
	if (limit < engine.check)
		engine.check = limit;
	if (!pending_step(p))
		end(p);
}

/* What was submitted since the last look, oldest first. Looking up the names of proxies takes time, during which a fork must not wait. */
static struct pending *take_in(void)
{
	struct pending *p = atomic_exchange(&engine.inbox, NULL), *in_order = NULL;

	while (p) {
		struct pending *next = p->next;
		LL_PREPEND(in_order, p);
		p = next;
	}
	LL_FOREACH(in_order, p)
		pending_resolve(p);
	return in_order;
}

/* Limits only ever move away, so the nearest one known is looked for anew no sooner than it has passed. */
static void expire(void)
{
	struct pending *p, *next;

	if (dial_now() < engine.check)
		return;
	engine.check = INT64_MAX;
	DL_FOREACH_SAFE(engine.dials, p, next) {
		const int64_t limit = dial_limit(&p->dial);
		if (!pending_step(p))
			end(p);
		else if (limit < engine.check)
			engine.check = limit;
	}
}

static int patience(void)
{
	if (!engine.dials)
		return LINGER_MS;
	const int64_t left = (engine.check - dial_now()) / 1000000 + 1;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Nothing to do: leave, unless something comes in at the last moment. */
static bool may_leave(void)
{
	bool no = false;

	if (engine.dials || engine.inbox)
		return false;
	engine.running = false;
	return !engine.inbox || !atomic_compare_exchange_strong(&engine.running, &no, true);
}

static void turn(const struct epoll_event *events, int n)
{
	struct pending *fresh = take_in(), *p;

	pthread_mutex_lock(&engine.still);
	for (int i = 0; i < n; i++) {
		p = events[i].data.ptr;
		if (p && !pending_step(p))
			end(p);
	}
	while ((p = fresh)) {
		fresh = p->next;
		begin(p);
	}
	expire();
	pthread_mutex_unlock(&engine.still);
}

/* Somebody closed the epoll set, which no hook of ours saw. */
static void rebuild(void)
{
	struct pending *p;

	private_close(engine.set);
	private_close(engine.bell);
	engine.set = engine.bell = -1;
	if (!make_descriptors())
		return;
	DL_FOREACH(engine.dials, p)
		watch(p);
}

static void *run(void *unused)
{
	struct epoll_event events[BATCH];
	int n = 0;

	(void)unused;
	inside_enter();
	do {
		turn(events, n);
		n = epoll_wait(engine.set, events, BATCH, patience());
		if (n < 0 && errno == EBADF)
			rebuild();
	} while (n != 0 || !may_leave());
	inside_leave();
	return NULL;
}

/* No thread can be had: better a connect that blocks than none. */
static void run_here(void)
{
	struct pending *fresh = take_in(), *p;

	engine.running = false;
	while ((p = fresh)) {
		fresh = p->next;
		pending_connect(p);
		while ((p->want = dial_wait(&p->dial, p->carrier, p->want)) == -EINTR)
			p->want = DIAL_WANT_WRITE;
		pending_settle(p);
	}
}

/* The program's signal handlers must never run on our thread. */
static bool start_thread(void)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	int rc = pthread_create(&thread, &attr, run, NULL);
	if (rc == EINVAL) { /* the program's thread-local storage does not fit on that stack */
		pthread_attr_setstacksize(&attr, 64 * STACK);
		rc = pthread_create(&thread, &attr, run, NULL);
	}
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc == 0;
}

void engine_submit(struct pending *p)
{
	bool no = false;

	p->next = engine.inbox;
	while (!atomic_compare_exchange_weak(&engine.inbox, &p->next, p))
		;
	if (!atomic_compare_exchange_strong(&engine.running, &no, true)) {
		eventfd_write(engine.bell, 1);
		return;
	}
	if (!make_descriptors() || !start_thread())
		run_here();
}

void engine_before_fork(void)
{
	pthread_mutex_lock(&engine.still);
}

void engine_after_fork_in_parent(void)
{
	pthread_mutex_unlock(&engine.still);
}

/* The parent carries it on; what the child has of it is the placeholder. */
static void disown(int fd, struct slot *slot, void *unused)
{
	(void)unused;
	(void)fd;
	pending_disown(slot);
}

/* The thread is not here, and its epoll set is shared with the parent. */
void engine_after_fork_in_child(void)
{
	pthread_mutex_unlock(&engine.still);
	private_close(engine.set);
	private_close(engine.bell);
	engine.set = engine.bell = -1;
	engine.running = false;
	engine.inbox = NULL;
	engine.dials = NULL;
	slots_each(0, UINT_MAX, SLOT_PENDING, disown, NULL);
}
