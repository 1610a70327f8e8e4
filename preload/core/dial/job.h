/* SPDX-License-Identifier: MIT */
/* job: a dial with its socket and its look-up, driven by the engine or by a thread that waits (dial/wait.h). */
#ifndef CORE_DIAL_JOB_H
#define CORE_DIAL_JOB_H

#include "core/dial/dial.h"
#include "core/dial/engine.h"

/* The owner begins the dial and sets `job.fd` and whatever is needed up to `owner`; the rest is zero. */
struct dial_job {
	struct job job; /* job.fd: the socket being dialled; -1 until there is one */
	struct dial dial;
	int want; /* what the dial waits for; at the end DIAL_DONE or a negative err. At first 0, or the failure of dial_begin() */
	int (*go)(struct dial_job *);               /* returns what dial_next() does, and may do more; NULL: dial_next() alone */
	int (*make)(struct dial_job *, int family); /* returns a socket in place of `job.fd`, or -errno; NULL: dial_wait() returns
	                                                DIAL_SOCKET */
	void (*end)(struct dial_job *);             /* the engine is done with it; `job.fd` is the owner's to close */
	void *owner;
	struct lookup *lookup; /* for the engine */
};

/* For `make`: a nonblocking socket of our own, in place of the one that there was. */
int dial_make(struct dial_job *, int family);

/* Let the engine drive it. From any thread. The engine of a forked child has forgotten it, and may be given it again. */
void dial_start(struct dial_job *);

/* For drivers: go as far as possible. Returns DIAL_DONE, what the dial waits for, or a negative err. `look_up` calls dial_found(), or returns
 * false if that takes time. */
int dial_go(struct dial_job *, bool (*look_up)(struct dial_job *));

#endif
