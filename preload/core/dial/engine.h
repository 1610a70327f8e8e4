/* engine: one thread, there only while it has work, that carries jobs on while the application goes on. */
#ifndef CORE_DIAL_ENGINE_H
#define CORE_DIAL_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Embedded in whatever is to be carried on. All three functions run on the engine's thread. */
struct job {
	void (*prepare)(struct job *); /* may take its time (a name look-up), nothing else waits for it; may be NULL */
	void (*begin)(struct job *);   /* sets `fd`, or leaves it at -1: then step() says at once that it is over */
	bool (*step)(struct job *);    /* go as far as possible without waiting, set `limit`; false: it is over */
	void (*end)(struct job *);     /* it is over; the engine has forgotten it */
	atomic_int fd;   /* private; step() is called when it becomes readable, writable or hung up (edge-triggered) */
	int64_t limit;   /* step() is called no later than this: monotonic, ns; INT64_MAX: no limit */
	bool background; /* does not keep the thread alive; while there is none, it waits for the next */
	struct job *next, *prev; /* the engine's */
};

/* Carry a job on until it is over. Without a thread to do it (the process may have no more) a job that is not in the background is done
 * before this returns. */
void engine_submit(struct job *);

/* Around fork: stand still, so that the child finds jobs between two steps; go on in the parent; forget them in the child. */
void engine_before_fork(void);
void engine_after_fork_in_parent(void);
void engine_after_fork_in_child(void);

#endif
