/* SPDX-License-Identifier: MIT */
/* engine: an inbox that any thread adds to, and a loop on an epoll set that steps the jobs. */
#include "core/dial/engine.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <utlist.h>

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/lock.h"
#include "core/base/own.h"
#include "core/base/reentry.h"
#include "core/base/sys.h"
#include "core/base/thread.h"

enum {
	LINGER_MS = 50, /* short, because programs count their threads before fork, unshare and setuid */
	BATCH = 64,
	YIELDS = 1000,
	GONE_MS = 1000, /* the longest that a thread takes to end */
};

static struct {
	_Atomic(struct job *) inbox; /* submitted, newest first */
	atomic_bool running;         /* some thread is the engine: its own, or the caller's if no thread could start */
	atomic_bool looks;           /* engine_look() was called */
	atomic_bool threadless;      /* no thread could start: some caller's is the engine */
	atomic_int set, bell;        /* epoll set and eventfd, while the engine runs */
	atomic_int ringers;          /* submitters that may be about to ring */
	atomic_bool paused;          /* no engine is to run */
	atomic_int thread;           /* the kernel's number of the engine's own thread, once there was one */
	struct job *jobs;            /* used by the engine alone */
	int64_t check;               /* no limit ends before this */
	pthread_mutex_t still;       /* held while jobs are in motion, never while waiting */
} engine = {.set = -1, .bell = -1, .still = PTHREAD_MUTEX_INITIALIZER};

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

static void close_descriptors(void)
{
	own_close(engine.set);
	own_close(engine.bell);
	engine.set = engine.bell = -1;
}

/* Make both descriptors or neither. */
static void make_descriptors(void)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};

	if (engine.set >= 0)
		return;
	engine.set = own_make(make_set, NULL);
	engine.bell = own_make(make_bell, NULL);
	if (engine.set < 0 || engine.bell < 0)
		close_descriptors();
	else
		sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, engine.bell, &event);
}

static void ring(void)
{
	engine.ringers++;
	const int bell = engine.bell;
	if (bell >= 0)
		eventfd_write(bell, 1);
	engine.ringers--;
}

/* Close both once nobody is about to ring; a ringer that never gets there (its thread jumped away) costs us the two. */
static void put_descriptors_away(void)
{
	const int set = atomic_exchange(&engine.set, -1), bell = atomic_exchange(&engine.bell, -1);
	struct job *j;

	DL_FOREACH(engine.jobs, j)
		j->watched = -1;
	for (int i = 0; i < YIELDS && engine.ringers; i++)
		sched_yield();
	if (engine.ringers)
		return;
	own_close(set);
	own_close(bell);
}

static void watch(struct job *j)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = j};

	if (j->watched < 0 && j->fd >= 0 && sys.epoll_ctl(engine.set, EPOLL_CTL_ADD, j->fd, &event) == 0)
		j->watched = j->fd;
}

void engine_forget(struct job *j)
{
	if (j->watched >= 0)
		sys.epoll_ctl(engine.set, EPOLL_CTL_DEL, j->watched, &(struct epoll_event){0});
	j->watched = -1;
}

static void end(struct job *j)
{
	engine_forget(j);
	DL_DELETE(engine.jobs, j);
	j->end(j);
}

static void step(struct job *j)
{
	if (!j->step(j)) {
		end(j);
		return;
	}
	watch(j);
	if (j->limit < engine.check)
		engine.check = j->limit;
}

static void begin(struct job *j)
{
	j->watched = -1;
	DL_APPEND(engine.jobs, j);
	if (j->begin)
		j->begin(j);
	step(j);
}

/* Begin the jobs submitted since the last turn, oldest first. */
static void take_in(void)
{
	struct job *j = atomic_exchange(&engine.inbox, NULL), *in_order = NULL, *next;

	for (; j; j = next) {
		next = j->next;
		LL_PREPEND(in_order, j);
	}
	for (j = in_order; j; j = next) {
		next = j->next;
		begin(j);
	}
}

static void step_unwatched(void)
{
	struct job *j, *next;

	DL_FOREACH_SAFE(engine.jobs, j, next)
		if (atomic_exchange(&j->nudged, false) || j->watched < 0)
			step(j);
}

/* Step the jobs whose limit has passed. Limits move away, so `check` may be out of date; then find the nearest anew. */
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

static void turn(const struct epoll_event *events, int n)
{
	pthread_mutex_lock(&engine.still);
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			step(events[i].data.ptr);
	take_in();
	if (atomic_exchange(&engine.looks, false))
		step_unwatched();
	expire();
	pthread_mutex_unlock(&engine.still);
}

/* Make the epoll set anew: it was closed where no hook of ours saw it, or could not be made before. */
static void rebuild(void)
{
	struct job *j;

	close_descriptors();
	make_descriptors();
	DL_FOREACH(engine.jobs, j) {
		j->watched = -1;
		watch(j);
	}
}

/* Wait for an event; without an epoll set, step every job each millisecond. */
static int await(struct epoll_event *events, int ms)
{
	if (engine.set < 0)
		rebuild();
	if (engine.set < 0) {
		poll(NULL, 0, ms < 1 ? ms : 1);
		engine.looks = true;
		return 0;
	}
	const int n = epoll_wait(engine.set, events, BATCH, ms);
	if (n < 0 && errno == EBADF)
		rebuild();
	return n;
}

/* True if some job is left that the engine has to wait for: a caller's thread does not wait for those that last. */
static bool has_work(void)
{
	const struct job *j = engine.jobs;

	while (j && j->lasts && engine.threadless)
		j = j->next;
	return j || engine.inbox;
}

/* True if the engine may stop, because nothing is left to do and nothing came in at the last moment; or because it must. */
static bool may_leave(void)
{
	bool no = false;

	if (has_work() && !engine.paused)
		return false;
	put_descriptors_away();
	engine.running = false;
	if (engine.paused)
		return true;
	return !engine.inbox || !atomic_compare_exchange_strong(&engine.running, &no, true);
}

/* Be the engine until there has been nothing to do for `linger_ms`. */
static void run(int linger_ms)
{
	struct epoll_event events[BATCH];
	int n = 0;

	reentry_enter();
	do {
		turn(events, n);
		n = await(events, has_work() ? clock_poll_ms(engine.check) : linger_ms);
	} while ((n != 0 && !engine.paused) || !may_leave());
	reentry_leave();
}

/* This thread takes no signals and is never cancelled: say so once, instead of with each lock. */
static void *run_thread(void *unused)
{
	lock_hold();
	engine.thread = gettid();
	run(LINGER_MS);
	return unused;
}

/* Be the engine in the caller's thread, if no other can start: better a connect that blocks than none. */
static void run_here(void)
{
	struct hold held;

	cancel_hold(&held); /* this thread may work for others as well */
	run(0);
	cancel_release(&held);
}

/* Start the engine, or wake it. Signals are blocked, because a handler in between would wait for a thread that does not exist yet. */
static void start_or_ring(void)
{
	sigset_t all, before;
	bool no = false;

	if (engine.paused)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (!atomic_compare_exchange_strong(&engine.running, &no, true)) {
		ring();
	} else {
		make_descriptors();
		engine.threadless = !thread_start(run_thread, NULL);
		if (engine.threadless)
			run_here();
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void engine_submit(struct job *j)
{
	j->next = engine.inbox;
	while (!atomic_compare_exchange_weak(&engine.inbox, &j->next, j))
		;
	if (engine.running)
		ring();
	else
		start_or_ring();
}

bool engine_serve(struct job *j)
{
	j->lasts = true;
	engine_submit(j);
	return !engine.threadless;
}

void engine_look(void)
{
	engine.looks = true;
	if (engine.running)
		ring();
}

void engine_nudge(struct job *j)
{
	j->nudged = true;
	engine_look();
}

void engine_hurry(struct job *j)
{
	j->limit = engine.check = 0;
}

static bool is_there(void)
{
	const int thread = engine.thread;

	return engine.running || (thread && sys.syscall(SYS_tgkill, getpid(), thread, 0) == 0);
}

void engine_pause(void)
{
	const int64_t until = clock_in_ms(GONE_MS);

	engine.paused = true;
	ring();
	while (is_there() && clock_now() < until)
		sched_yield();
	engine.thread = 0;
}

void engine_resume(void)
{
	engine.paused = false;
	engine.looks = true; /* at the jobs that it had to leave */
	if (engine.jobs || engine.inbox)
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

/* The engine's thread does not exist in the child, and its epoll set is shared with the parent. */
void engine_after_fork_in_child(void)
{
	engine.still = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	close_descriptors();
	engine.running = engine.paused = engine.threadless = false;
	engine.thread = engine.ringers = 0;
	engine.inbox = NULL;
	engine.jobs = NULL;
}
