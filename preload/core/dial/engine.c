/* engine: one thread, there only while it has work, that carries jobs on while the application goes on. */
#include "core/dial/engine.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <utlist.h>

#include "core/base/sys.h"
#include "core/base/clock.h"
#include "core/base/reentry.h"
#include "core/base/own.h"

enum {
	LINGER_MS = 50, /* programs look at their thread count before fork, unshare and setuid */
	STACK = 256 * 1024, /* libc's resolver runs on it */
	BATCH = 64,
};

static struct {
	_Atomic(struct job *) inbox; /* submitted, newest first */
	atomic_bool running;
	atomic_int set, bell; /* epoll set and eventfd; kept once made, as a submitter may be about to ring */
	struct job *jobs;     /* the thread's own */
	int foreground;       /* those of `jobs` that keep the thread alive */
	int64_t check;        /* no limit ends before this */
	pthread_mutex_t still; /* held while jobs are in motion, never while waiting */
} engine = {.set = -1, .bell = -1, .still = PTHREAD_MUTEX_INITIALIZER};

static bool watch(struct job *j)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = j};

	return sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, j->fd, &event) == 0;
}

static int make_set(void *unused)
{
	(void)unused;
	return (int)sys_rc(epoll_create1(EPOLL_CLOEXEC));
}

static int make_bell(void *unused)
{
	(void)unused;
	return (int)sys_rc(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static bool make_descriptors(void)
{
	if (engine.set < 0)
		engine.set = own_make(make_set, NULL);
	if (engine.bell < 0) {
		engine.bell = own_make(make_bell, NULL);
		struct epoll_event event = {.events = EPOLLIN | EPOLLET};
		if (engine.bell >= 0)
			sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, engine.bell, &event);
	}
	return engine.set >= 0 && engine.bell >= 0;
}

static void end(struct job *j)
{
	if (j->fd >= 0)
		sys.epoll_ctl(engine.set, EPOLL_CTL_DEL, j->fd, &(struct epoll_event){0});
	DL_DELETE(engine.jobs, j);
	engine.foreground -= !j->background;
	j->end(j);
}

static void step(struct job *j)
{
	if (!j->step(j))
		end(j);
	else if (j->limit < engine.check)
		engine.check = j->limit;
}

static void begin(struct job *j)
{
	DL_APPEND(engine.jobs, j);
	engine.foreground += !j->background;
	j->begin(j);
	if (j->fd >= 0)
		watch(j);
	step(j);
}

/* What was submitted since the last look, oldest first. */
static struct job *take_in(void)
{
	struct job *j = atomic_exchange(&engine.inbox, NULL), *in_order = NULL;

	while (j) {
		struct job *next = j->next;
		LL_PREPEND(in_order, j);
		j = next;
	}
	LL_FOREACH(in_order, j)
		if (j->prepare)
			j->prepare(j);
	return in_order;
}

/* The nearest limit known may be out of date, as limits move away; then it is looked for anew. */
static void expire(void)
{
	struct job *j, *next;
	const int64_t now = clock_now();

	if (now < engine.check)
		return;
	engine.check = INT64_MAX;
	DL_FOREACH_SAFE(engine.jobs, j, next) {
		if (j->limit <= now)
			step(j);
		else if (j->limit < engine.check)
			engine.check = j->limit;
	}
}

static int patience(void)
{
	if (!engine.foreground)
		return LINGER_MS;
	return clock_poll_ms(engine.check);
}

/* Nothing to do: leave, unless something comes in at the last moment. */
static bool may_leave(void)
{
	bool no = false;

	if (engine.foreground || engine.inbox)
		return false;
	engine.running = false;
	return !engine.inbox || !atomic_compare_exchange_strong(&engine.running, &no, true);
}

static void turn(const struct epoll_event *events, int n)
{
	struct job *fresh = take_in(), *j;

	pthread_mutex_lock(&engine.still);
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			step(events[i].data.ptr);
	while ((j = fresh)) {
		fresh = j->next;
		begin(j);
	}
	expire();
	pthread_mutex_unlock(&engine.still);
}

/* Somebody closed the epoll set, which no hook of ours saw. */
static void rebuild(void)
{
	struct job *j;

	own_close(engine.set);
	own_close(engine.bell);
	engine.set = engine.bell = -1;
	if (!make_descriptors())
		return;
	DL_FOREACH(engine.jobs, j)
		watch(j);
}

static void *run(void *unused)
{
	struct epoll_event events[BATCH];
	int n = 0;

	(void)unused;
	reentry_enter();
	do {
		turn(events, n);
		n = epoll_wait(engine.set, events, BATCH, patience());
		if (n < 0 && errno == EBADF)
			rebuild();
	} while (n != 0 || !may_leave());
	reentry_leave();
	return NULL;
}

/* No thread can be had: better a connect that blocks than none. */
static void run_here(void)
{
	struct job *fresh = take_in(), *j;

	engine.running = false;
	while ((j = fresh)) {
		fresh = j->next;
		j->begin(j);
		while (j->step(j) && !j->background)
			poll(&(struct pollfd){.fd = j->fd, .events = POLLIN}, 1, 1); /* which it waits for is its own business */
		if (!j->background)
			j->end(j);
	}
}

static bool start_thread(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	int rc = pthread_create(&thread, &attr, run, NULL);
	if (rc == EINVAL) { /* the program's thread-local storage does not fit on that stack */
		pthread_attr_setstacksize(&attr, 64 * STACK);
		rc = pthread_create(&thread, &attr, run, NULL);
	}
	pthread_attr_destroy(&attr);
	return rc == 0;
}

/* The program's signal handlers must never run on our thread; and one that came in between would wait for a thread that is not there yet. */
static void start_or_ring(void)
{
	sigset_t all, before;
	bool no = false;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (!atomic_compare_exchange_strong(&engine.running, &no, true))
		eventfd_write(engine.bell, 1);
	else if (!make_descriptors() || !start_thread())
		run_here();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void engine_submit(struct job *j)
{
	j->next = engine.inbox;
	while (!atomic_compare_exchange_weak(&engine.inbox, &j->next, j))
		;
	if (engine.running)
		eventfd_write(engine.bell, 1);
	else
		start_or_ring();
}

void engine_before_fork(void)
{
	pthread_mutex_lock(&engine.still);
}

void engine_after_fork_in_parent(void)
{
	pthread_mutex_unlock(&engine.still);
}

/* The thread is not here, and its epoll set is shared with the parent. */
void engine_after_fork_in_child(void)
{
	pthread_mutex_unlock(&engine.still);
	own_close(engine.set);
	own_close(engine.bell);
	engine.set = engine.bell = -1;
	engine.running = false;
	engine.inbox = NULL;
	engine.jobs = NULL;
	engine.foreground = 0;
}
