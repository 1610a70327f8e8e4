/* SPDX-License-Identifier: MIT */
/* pending: a connection that is being made behind a decoy, while the application goes on. Any thread and any signal handler; what the entry's
 * lock and the engine do not guard is atomic. */
#ifndef FD_PENDING_H
#define FD_PENDING_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/dial/job.h"
#include "fd/fork_barrier.h"
#include "fd/table.h"

/* Lives in memory that forked children share, and whose owner's engine carries it on. */
struct pending {
	struct dial_job dialling; /* over `real`, unless the family has to differ */
	struct decoy decoy;
	struct endpoint to;    /* what the application asked for, in its own words */
	int fd;                /* the application's number */
	int real;              /* private: the application's socket */
	int family;            /* of `real` */
	int flags;             /* F_GETFL of `real` */
	int lowat;             /* SO_RCVLOWAT of `real` afterwards, if not 0 */
	atomic_int owner;      /* process */
	atomic_bool shared;    /* a forked child may wait for it, too */
	atomic_bool abandoned; /* nobody waits for it any more */
	atomic_bool settled;   /* the dial has ended, and the sockets are in order */
	struct fork_line line; /* once shared */
};

/* Memory for one; NULL when there is none. */
struct pending *pending_new(void);

/* Close this process's descriptors of it, and give its mapping back. */
void pending_free(struct pending *);

/* Put the decoy under `p->fd` and let the engine do the rest: dial, and put the socket back under its number when that is done. 0, or
 * a negative err and everything is as it was, but for `p`, which is gone. */
int pending_start(struct pending *, struct fd_entry *);

/* The application closes the number, or shuts it down (`back`: the socket, disconnected, goes back under it). False if nothing was
 * pending. The entry is not locked. */
bool pending_abandon(struct fd_entry *, int fd, bool back);

/* It ended: put the socket back under its number, if the application of this process still has it there; `dialled` is the socket
 * that was dialled; -1: not to be had here. */
void pending_finish(struct pending *, int dialled);

/* Whether there may be one in this process. */
bool pending_any(void);

/* Nothing is pending any more: wake whoever waits for that. The entry is locked. */
void pending_unmark(struct fd_entry *);

#endif
