/* SPDX-License-Identifier: MIT */
/* thread: start threads with a small stack and every signal blocked. */
#include "core/base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/single_threaded.h>
#include <ucontext.h>

#include "core/base/pages.h"

enum {
	STACK = 256 * 1024, /* enough for libc's resolver */
	ROOM = 32 * 1024,
};

/* What it takes to start a thread: memory, because the caller's stack may be 8 KiB in all. For the first thread of a process libc binds
 * functions of the dynamic linker, which saves all registers on the stack: with wide ones, 3 KiB. */
struct start {
	ucontext_t here, there;
	void *(*f)(void *);
	void *arg;
	int rc;
	char stack[ROOM];
};

static int create(pthread_attr_t *attr, const struct start *s)
{
	pthread_t thread;

	pthread_attr_setdetachstate(attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(attr, STACK);
	const int rc = pthread_create(&thread, attr, s->f, s->arg);
	if (rc != EINVAL)
		return rc;
	/* That stack has no room for the program's thread-local storage. */
	pthread_attr_setstacksize(attr, 64 * STACK);
	return pthread_create(&thread, attr, s->f, s->arg);
}

/* Called by makecontext(), which hands on nothing larger than an int: the halves of a struct start's address. */
static void start_there(unsigned high, unsigned low)
{
	struct start *const s = (struct start *)(uintptr_t)((uint64_t)high << 32 | low);
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	s->rc = create(&attr, s);
	pthread_attr_destroy(&attr);
}

static void start(struct start *s)
{
	const uint64_t at = (uintptr_t)s;

	getcontext(&s->there);
	s->there.uc_stack = (stack_t){.ss_sp = s->stack, .ss_size = sizeof(s->stack)};
	s->there.uc_link = &s->here;
	makecontext(&s->there, (void (*)(void))(uintptr_t)start_there, 2, (unsigned)(at >> 32), (unsigned)at);
	swapcontext(&s->here, &s->there);
}

/* The program's signal handlers must never run on a thread of ours, nor while we are on a stack of our own. */
bool thread_start(void *(*f)(void *), void *arg)
{
	struct start *const s = pages_take(sizeof(*s));
	sigset_t all, before;

	if (!s)
		return false;
	s->f = f;
	s->arg = arg;
	s->rc = EAGAIN;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	start(s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	const bool started = s->rc == 0;
	pages_free(s, sizeof(*s));
	return started;
}

bool thread_is_alone(void)
{
	return __libc_single_threaded;
}
