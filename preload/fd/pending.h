/* SPDX-License-Identifier: MIT */
/* pending: a connection in progress behind a decoy, while the application goes on. Any thread and any signal handler; fields that neither
 * the entry's lock nor the engine guards are atomic. */
#ifndef FD_PENDING_H
#define FD_PENDING_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/dial/job.h"
#include "fd/decoy.h"
#include "fd/fork_line.h"
#include "fd/outcome.h"
#include "fd/table.h"

/* Returns a descriptor of our own that takes the place of the socket `fd`, which has just been connected to `to`; or a negative err. */
typedef int instead_of(int fd, const struct endpoint *to);

/* Lives in memory that forked children share; the owner's engine dials. */
struct pending {
	struct dial_job dialling;    /* dials `real`, or a clone if the family must differ */
	struct pending_block *block; /* pending_pool.h */
	struct decoy *decoy;
	struct endpoint to; /* the destination in the application's own words */
	struct fd_entry *entry;
	int fd;                  /* the application's number */
	int real;                /* hidden: the application's socket */
	int family;              /* of `real` */
	int flags;               /* F_GETFL of `real` */
	int lowat;               /* SO_RCVLOWAT to restore on `real`, if not 0 */
	instead_of *instead;     /* connecting.h; NULL: the socket itself goes back under its number */
	atomic_int owner;        /* the process that dials */
	atomic_bool shared;      /* forked children may wait for the dial */
	atomic_bool abandoned;   /* nobody waits for the dial any more */
	atomic_bool settled;     /* the dial has ended and its sockets are in order */
	atomic_bool here;        /* a thread dials in its own connect(2) */
	bool heard;              /* it ends in a connect(2), which tells the application how */
	struct outcome *outcome; /* of a connect(2) that has left the dial to the engine, or NULL */
	struct fork_line line;   /* open once shared */
	unsigned attempt;        /* at a placeholder: twin.h; 0: not accounted for */
	unsigned twin;           /* the attempt at the other placeholder that this one waits for; 0: none */
};

/* Returns memory for a connection; NULL if there is none. */
struct pending *pending_new(void);

/* Close this process's descriptors of the connection, wake those who sleep on its decoy, and free it. */
void pending_free(struct pending *);

/* Put the decoy under `p->fd` and let the engine do the rest: dial, then put the socket back under its number. The socket has its own
 * address at once, unless a name has to be looked up. Returns 0, or a negative err after freeing `p` and restoring everything else. */
int pending_start(struct pending *, struct fd_entry *);

/* The same for connect(2) of a blocking socket: as long as a quick proxy takes to answer, the calling thread dials itself. Returns how the
 * dial ended, or why it could not begin; or -EINPROGRESS, with *outcome to wait for. No signal handler may run meanwhile: lock_hold(). */
int pending_run(struct pending *, struct fd_entry *, struct outcome **outcome);

/* Abandon the dial because the application closes the number, or shuts it down (`back`: the socket, disconnected, goes back under the
 * number). False if nothing was pending. The entry is not locked. */
bool pending_abandon(struct fd_entry *, int fd, bool back);

/* After the dial: put the socket back under its number, if that still means the decoy in this process. `dialled` is the socket that was
 * dialled, -1 if this process lacks it. */
void pending_finish(struct pending *, int dialled);

/* Returns the socket that is being dialled, or will be. The entry is locked. */
int pending_dialled(const struct pending *);

/* True if this process may have a pending connection. */
bool pending_any(void);

/* Mark the entry as no longer pending, and wake those who wait for that. The entry is locked. */
void pending_unmark(struct fd_entry *);

#endif
