/* SPDX-License-Identifier: MIT */
/* engine: one thread, which exists only while it has work, and steps jobs while the application goes on. */
#ifndef CORE_DIAL_ENGINE_H
#define CORE_DIAL_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embed one in whatever the engine works on. The engine calls these functions, for one job at a time; none of them may block. */
struct job {
	void (*begin)(struct job *); /* before the first step; may be NULL */
	bool (*step)(struct job *);  /* goes as far as possible without waiting and sets `limit`; returns false when the job is over */
	void (*end)(struct job *);   /* after the last step; the engine has forgotten the job */
	/* A descriptor of our own: the engine calls step() when it becomes readable, writable or hung up (edge-triggered). -1 until there
	 * is one; before it changes, step() calls engine_forget(). */
	atomic_int fd;
	int64_t limit;           /* the engine calls step() no later than this, in monotonic ns; INT64_MAX: no limit */
	int watched;             /* for the engine: `fd`, once it is in the epoll set */
	atomic_bool nudged;      /* for the engine: to be stepped whether `fd` has news or not */
	bool lasts;              /* for the engine: nobody waits for its end */
	struct job *next, *prev; /* for the engine */
};

/* The `type` whose `member` is the job `j`. */
#define JOB_OF(type, member, j) ((type *)((char *)(j)-offsetof(type, member)))

/* Work on a job until it is over. From any thread. If the process may have no more threads, the caller is the engine until no job is
 * left, its own or another thread's. */
void engine_submit(struct job *);

/* The same for a job that lasts until the program ends it: only on a thread of the engine's own. Returns false if there can be none; then the job is
 * stepped when there is one. */
bool engine_serve(struct job *);

/* Within step(): watch the descriptor no longer; after the step the engine watches the one that is there then. */
void engine_forget(struct job *);

/* Step the jobs without a descriptor, since what they wait for may have happened. From any thread. */
void engine_look(void);

/* Step that job, too. From any thread; the job must not end before this returns. */
void engine_nudge(struct job *);

/* Have the job stepped before the engine waits again. From a function of any job. */
void engine_hurry(struct job *);

/* Around a call that only a process without other threads may make: end the engine's own, wait until it is gone, and start it again if it
 * has work. Jobs submitted in between wait. */
void engine_pause(void);
void engine_resume(void);

/* Around fork: stand still, so that the child finds every job between two steps; go on in the parent; forget all jobs in the child. */
void engine_before_fork(void);
void engine_after_fork_in_parent(void);
void engine_after_fork_in_child(void);

#endif
