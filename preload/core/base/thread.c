/* SPDX-License-Identifier: MIT */
/* thread: start threads with a small stack and every signal blocked. */
#include "core/base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/single_threaded.h>

enum { STACK = 256 * 1024 }; /* enough for libc's resolver */

static int start(pthread_attr_t *attr, void *(*f)(void *), void *arg)
{
	pthread_t thread;

	pthread_attr_setdetachstate(attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(attr, STACK);
	const int rc = pthread_create(&thread, attr, f, arg);
	if (rc != EINVAL)
		return rc;
	/* That stack has no room for the program's thread-local storage. */
	pthread_attr_setstacksize(attr, 64 * STACK);
	return pthread_create(&thread, attr, f, arg);
}

/* The program's signal handlers must never run on a thread of ours. */
bool thread_start(void *(*f)(void *), void *arg)
{
	pthread_attr_t attr;
	sigset_t all, before;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	const int rc = start(&attr, f, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

bool thread_is_alone(void)
{
	return __libc_single_threaded;
}
