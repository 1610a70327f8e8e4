/* SPDX-License-Identifier: MIT */
/* The engine, with a thread of its own and in a process that may have no more threads. */
#include "core/dial/engine.h"

#include <semaphore.h>

#include "core/base/clock.h"
#include "fd/table.h"
#include "no_threads.h"
#include "tests/unit/tap.h"

enum { THREADS = 8, JOBS = 100, STEPS = 3 };

static void end_nothing(struct job *j)
{
	(void)j;
}

static atomic_int inside;
static int most_inside, stepped_within;

static bool inner_step(struct job *j)
{
	(void)j;
	most_inside = ++inside > most_inside ? inside : most_inside;
	inside--;
	stepped_within++;
	return false;
}

static void *submit_inner(void *unused)
{
	static struct job inner = {.step = inner_step, .end = end_nothing, .fd = -1};

	engine_submit(&inner);
	return unused;
}

/* Another thread submits a job while this one is in the middle of a step. */
static bool outer_step(struct job *j)
{
	pthread_t other;

	(void)j;
	inside++;
	really_create(&other, NULL, submit_inner, NULL);
	pthread_join(other, NULL);
	inside--;
	return false;
}

TEST("where no thread can be had one thread at a time is the engine, for the others' jobs as well")
{
	static struct job outer = {.step = outer_step, .end = end_nothing, .fd = -1};

	no_threads = true;
	engine_submit(&outer);
	no_threads = false;
	EXPECT_INT(most_inside, 1);
	EXPECT_INT(stepped_within, 1);
}

struct counted {
	struct job job;
	int steps;
};

static atomic_int ended;

static bool count_step(struct job *j)
{
	j->limit = clock_now();
	return ++JOB_OF(struct counted, job, j)->steps < STEPS;
}

static void count_end(struct job *j)
{
	(void)j;
	ended++;
}

static void *submit_many(void *jobs)
{
	struct counted *c = jobs;

	for (int i = 0; i < JOBS; i++) {
		c[i].job = (struct job){.step = count_step, .end = count_end, .fd = -1};
		engine_submit(&c[i].job);
	}
	return NULL;
}

TEST("where no thread can be had every job of many threads ends")
{
	static struct counted jobs[THREADS][JOBS];
	pthread_t threads[THREADS];

	no_threads = true;
	for (int i = 0; i < THREADS; i++)
		really_create(&threads[i], NULL, submit_many, jobs[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	no_threads = false;
	EXPECT_INT(ended, THREADS * JOBS);
}

static atomic_int served;

static bool serve_step(struct job *j)
{
	served++;
	j->limit = INT64_MAX;
	return true;
}

TEST("where no thread can be had nobody waits for a job that lasts")
{
	static struct job lasting = {.step = serve_step, .end = end_nothing, .fd = -1};
	static struct counted passing;

	no_threads = true;
	EXPECT(!engine_serve(&lasting));
	EXPECT_INT(served, 1);
	passing.job = (struct job){.step = count_step, .end = count_end, .fd = -1};
	engine_submit(&passing.job);
	no_threads = false;
	EXPECT_INT(passing.steps, STEPS);
}

static atomic_bool happened;
static sem_t over;

static bool wait_step(struct job *j)
{
	j->limit = INT64_MAX;
	return !happened;
}

static void wait_end(struct job *j)
{
	(void)j;
	sem_post(&over);
}

TEST("a job without a descriptor is stepped when somebody says that it is worth a look")
{
	static struct job job = {.step = wait_step, .end = wait_end, .fd = -1};

	sem_init(&over, 0, 0);
	engine_submit(&job);
	happened = true;
	engine_look();
	EXPECT_INT(sem_wait(&over), 0);
}
