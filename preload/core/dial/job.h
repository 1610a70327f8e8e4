/* job: a dial and what sees to its wishes; on the engine, or in a thread that waits for it (dial/wait.h). */
#ifndef CORE_DIAL_JOB_H
#define CORE_DIAL_JOB_H

#include "core/dial/dial.h"
#include "core/dial/engine.h"

/* Zeroed but for `job.fd`, the dial, and what is named here. */
struct dial_job {
	struct job job; /* job.fd: the socket that is dialled; -1: none yet */
	struct dial dial;
	int want; /* what the dial waits for; in the end DIAL_DONE or a negative err. At first 0, or what dial_begin() says */
	int (*go)(struct dial_job *);               /* what dial_next() does, and more; NULL: that alone */
	int (*make)(struct dial_job *, int family); /* a socket, or -errno. NULL: dial_wait() returns DIAL_SOCKET instead */
	void (*end)(struct dial_job *);             /* it is over, says the engine; `job.fd` is the owner's */
	void *owner;
	struct lookup *lookup; /* the engine's */
};

/* For `make`: a nonblocking socket of our own. */
int dial_make(struct dial_job *, int family);

/* Let the engine carry it on. */
void dial_start(struct dial_job *);

/* For drivers: go on as far as possible. DIAL_DONE, what it waits for, or a negative err. `look_up` sees to a name by dial_found(); it returns false
 * if that takes time. */
int dial_go(struct dial_job *, bool (*look_up)(struct dial_job *));

#endif
