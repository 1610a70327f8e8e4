/* SPDX-License-Identifier: MIT */
#include "fd/fork_gate.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

static atomic_int entered, closed;
static pthread_barrier_t inside, leave;

static void *enter(void *unused)
{
	while (!fork_gate_enter())
		sched_yield();
	entered++;
	fork_gate_leave();
	return unused;
}

static void *stay(void *unused)
{
	EXPECT(fork_gate_enter());
	pthread_barrier_wait(&inside);
	pthread_barrier_wait(&leave);
	EXPECT_INT(closed, 0); /* nobody forks while we are here */
	fork_gate_leave();
	return unused;
}

static void *close_it(void *unused)
{
	fork_gate_close();
	closed++;
	fork_gate_open();
	return unused;
}

TEST("while the gate is closed nobody enters; all do when it opens")
{
	pthread_t thread;

	fork_gate_close();
	pthread_create(&thread, NULL, enter, NULL);
	for (int i = 0; i < 1000; i++)
		sched_yield();
	EXPECT_INT(entered, 0);
	fork_gate_open();
	pthread_join(thread, NULL);
	EXPECT_INT(entered, 1);
}

TEST("it closes when the last has left")
{
	pthread_t here, forker;

	pthread_barrier_init(&inside, NULL, 2);
	pthread_barrier_init(&leave, NULL, 2);
	pthread_create(&here, NULL, stay, NULL);
	pthread_barrier_wait(&inside);
	pthread_create(&forker, NULL, close_it, NULL);
	for (int i = 0; i < 1000; i++)
		sched_yield();
	EXPECT_INT(closed, 0);
	pthread_barrier_wait(&leave);
	pthread_join(here, NULL);
	pthread_join(forker, NULL);
	EXPECT_INT(closed, 1);
}

TEST("a thread passes a gate that it closed itself, and closes one that it is inside of")
{
	fork_gate_close();
	EXPECT(fork_gate_enter());
	fork_gate_leave();
	fork_gate_open();
	EXPECT(fork_gate_enter());
	fork_gate_close();
	EXPECT(fork_gate_enter());
	fork_gate_leave();
	fork_gate_open();
	fork_gate_leave();
}

TEST("in a forked child it is open, whoever of the parent's threads was inside or forking")
{
	int status;

	fork_gate_close();
	const pid_t child = fork();
	if (child == 0) {
		alarm(5); /* in case it waits */
		fork_gate_open_in_child();
		if (!fork_gate_enter())
			_exit(1);
		fork_gate_leave();
		fork_gate_close();
		fork_gate_open();
		_exit(0);
	}
	fork_gate_open();
	waitpid(child, &status, 0);
	EXPECT_INT(status, 0);
}
