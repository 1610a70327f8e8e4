/* SPDX-License-Identifier: MIT */
#include "core/base/lock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

static struct lock lock, other;
static volatile sig_atomic_t heard;

static void hear(int number)
{
	(void)number;
	heard++;
}

static bool is_blocked(int number)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, number) == 1;
}

TEST("a signal waits until the last lock is given back, but for faults")
{
	signal(SIGUSR1, hear);
	lock_take(&lock);
	lock_take(&other);
	raise(SIGUSR1);
	EXPECT(!is_blocked(SIGSEGV) && !is_blocked(SIGSYS));
	lock_give(&lock);
	EXPECT_INT(heard, 0);
	lock_give(&other);
	EXPECT_INT(heard, 1);
	EXPECT(!is_blocked(SIGUSR1));
}

TEST("what the thread had blocked stays blocked")
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	lock_take(&lock);
	lock_give(&lock);
	EXPECT(is_blocked(SIGUSR2));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

TEST("the holder of a lock is not cancelled")
{
	int state;

	lock_take(&lock);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	EXPECT_INT(state, PTHREAD_CANCEL_DISABLE);
	lock_give(&lock);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	EXPECT_INT(state, PTHREAD_CANCEL_ENABLE);
}

enum { THREADS = 4, TIMES = 20000 };

static int counted;

static void *count(void *unused)
{
	for (int i = 0; i < TIMES; i++) {
		lock_take(&lock);
		const int was = counted;
		if (i % 1000 == 0)
			sched_yield(); /* so that others come to wait */
		counted = was + 1;
		lock_give(&lock);
	}
	return unused;
}

TEST("one thread at a time")
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, count, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	EXPECT_INT(counted, THREADS * TIMES);
}

static pthread_barrier_t held, over;

static void *hold(void *unused)
{
	lock_take(&lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&over);
	lock_give(&lock);
	return unused;
}

static int in_child(void)
{
	alarm(5); /* in case it waits */
	lock_forked();
	lock_take(&lock);
	lock_give(&lock);
	return is_blocked(SIGUSR1);
}

TEST("in a forked child what another thread held is free")
{
	pthread_t thread;
	int status;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&over, NULL, 2);
	pthread_create(&thread, NULL, hold, NULL);
	pthread_barrier_wait(&held);
	const pid_t child = fork();
	if (child == 0)
		_exit(in_child());
	waitpid(child, &status, 0);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	pthread_barrier_wait(&over);
	pthread_join(thread, NULL);
}
