/* SPDX-License-Identifier: MIT */
/* owner: what the engine of one process does for a socket of the program's that listens at a proxy: it has the proxy asked again and again, and
 * announces the peers that come on loopback, to that process and to its heirs (heir.h). */
#ifndef LISTEN_OWNER_H
#define LISTEN_OWNER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/lock.h"
#include "core/dial/binding.h"
#include "fd/fork_line.h"
#include "fd/process_end.h"
#include "listen/share.h"

struct listener {
	struct lock lock;
	atomic_uint numbers, calls; /* this process's numbers that mean it, and calls that are at work on it */
	atomic_bool started;        /* the program has called listen(), and its number means the loopback socket: */
	struct addr at;             /* that is its address, */
	uint64_t cookie;            /* this its cookie, */
	struct share share;         /* and this is shared */
	struct binding binding;     /* the proxy has been asked once before; then it is the engine's. An heir with no route never asks */
	atomic_bool owned;          /* by this process; else it is an heir */
	struct job watching;        /* the engine's, for the whole of that time; job.fd: an epoll set of what it waits for */
	/* For the owner: */
	bool busy;    /* the engine has one of the binding's jobs */
	bool watched; /* it has `watching` */
	bool full;    /* there is no room for another peer */
	bool left;    /* nobody needs it any more, in any process */
	int offer;    /* offer.h */
	int dialled;  /* the binding's descriptor, as long as it is that: who leaves may shut it down */
	/* For an heir: */
	pid_t process;             /* this one */
	struct process_end owners; /* the owner's */
	/* For both: */
	struct fork_line
		line; /* the owner hangs up when a peer has come by the connection that it had at a fork, which children have as well */
};

/* Returns one with one number, the stream socket `fd`; NULL without memory. */
struct listener *owner_listener(const struct app *, const struct route *, int fd);

/* It has started: own it, and let peers come. */
void owner_begin(struct listener *);

/* In an heir that has taken over, on the engine's thread if that has it: go on from where the owner was, or have the proxy asked again. */
void owner_go_on(struct listener *);

/* True if this process has the connection by which the owner awaits a peer, and can go on from there. */
bool owner_can_be_followed(const struct listener *);

/* Free it. */
void owner_release(struct listener *);

#endif
