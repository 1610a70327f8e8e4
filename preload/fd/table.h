/* SPDX-License-Identifier: MIT */
/* table: what is known of each of the application's descriptors. Any thread and any signal handler; entries stay where they are for ever, and a
 * forked child has its own. Flags are atomic, the rest is guarded by the entry's lock or told apart by its cookie. */
#ifndef FD_TABLE_H
#define FD_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/endpoint.h"
#include "core/base/lock.h"
#include "core/base/seqlock.h"
#include "core/proto/dbus_stream.h"

enum fd_flag {
	/* A stream: */
	FD_PENDING = 1, /* a connection is being made: `pending` */
	FD_PEER = 2,    /* connected through a chain, to what the application knows as `peer` */
	FD_FAILED = 4,  /* the connection failed with `error`, and the application has not asked yet */
	FD_SHUT = 8,    /* it failed: the socket has to be disconnected before it can connect again */
	FD_NEWS = 16,   /* a dial has ended, and the next connect has yet to say how */
	/* A datagram socket: */
	FD_UDP = 32,    /* it sends through chains: `udp` */
	FD_DIRECT = 64, /* it has sent directly, last to `direct` */
	/* A connection to the system's message bus: */
	FD_DBUS = 128, /* what the application has said was followed in `dbus` */
	/* One of the library's own, which the application does not know of: */
	FD_HIDDEN = 256,
	FD_KEPT = 512, /* not to be closed in the child of a fork */
	/* Any: */
	FD_REGISTERED = 1024, /* it has been in an epoll set: `registrations` */
	FD_MOVING = 2048,     /* out of its epoll sets for a moment, until fd_epoll_return() */
	FD_TIMED = 4096,      /* the application has set SO_SNDTIMEO, which also limits a blocking connect */
	FD_LOWAT = 8192,      /* the application has set SO_RCVLOWAT, which a proxy's short answers would not reach */

	/* The kinds, which exclude each other; a number that has none of these flags is of no kind. */
	FD_STREAM = FD_PENDING | FD_PEER | FD_FAILED | FD_SHUT | FD_NEWS,
	FD_DATAGRAM = FD_UDP | FD_DIRECT,
	FD_KINDS = FD_STREAM | FD_DATAGRAM | FD_DBUS,
	/* What a close has to see to. Not that it was in an epoll set: it leaves them by itself, and what the next
	 * registration under its number says replaces what is remembered. */
	FD_CLOSING = FD_KINDS | FD_HIDDEN,
};

struct fd_entry {
	atomic_uint flags;
	struct lock lock;
	_Atomic(struct registration *) registrations; /* only ever grows */
	uint64_t cookie;                              /* SO_COOKIE of the stream, or of the connection to the bus */
	union {                                       /* by kind */
		struct {
			struct pending *pending;
			struct endpoint peer;
			int error;
		} stream;
		struct {
			_Atomic(struct udp *) udp;
			struct endpoint direct;
			struct seqlock lock; /* of `direct` */
		} datagram;
		struct dbus_stream dbus;
	};
};

_Static_assert(sizeof(struct fd_entry) <= 64, "an entry is one cache line");

/* The entry of `fd` if anything is known of it but its epoll sets, else NULL: two loads. */
struct fd_entry *fd_entry_find(int fd);

/* The entry of `fd`, made when there is none; NULL when there is no memory, the number is beyond 2^24, or fd_table_foreign() and what the
 * parent knows of its own descriptor would be lost. */
struct fd_entry *fd_entry_make(int fd);

/* Whether this is a child that shares our memory but not our descriptors (vfork): what happens to its descriptors does not happen to
 * those that the entries speak of. libc, whose memory is shared too, takes it for the thread that called vfork. Costs a system call. */
bool fd_table_foreign(void);

void fd_entry_set(struct fd_entry *, unsigned flags);
void fd_entry_clear(struct fd_entry *, unsigned flags);
bool fd_entry_is(const struct fd_entry *, unsigned flags); /* any of them */

/* What tells one socket from every other since the machine started (SO_COOKIE); 0 if `fd` is none. errno is left as it was. */
uint64_t fd_entry_cookie(int fd);

/* The entry is of that kind from now on. If it was of another, its number was closed behind our back, and what was known of it is forgotten;
 * whoever keeps something of his own there (a pending dial, a struct udp) must have taken that away. */
void fd_entry_become(struct fd_entry *, unsigned kind);

/* Whether `fd` is still the stream, or the connection to the bus, that the entry speaks of; if not, forget that: the number was closed behind
 * our back. What is pending is not looked at. */
bool fd_entry_verify(struct fd_entry *, int fd);

/* Remember that `fd` is connected, to what the application calls `to`; NULL: to what the kernel calls so, too. */
void fd_entry_connected(struct fd_entry *, int fd, const struct endpoint *to);

/* Remember that connecting `fd` failed with the errno `error`, of which the application has yet to hear. */
void fd_entry_failed(struct fd_entry *, int fd, int error);

/* Copy what is known of one descriptor to its duplicate, but for what others keep: a dial that is pending, epoll registrations, a struct udp. */
void fd_entry_copy(const struct fd_entry *from, int to);

/* Wait until nothing is pending on the entry. */
void fd_entry_await(struct fd_entry *);

/* The same, as a blocking call: 0, -EINTR, or -EALREADY when it is `until` (monotonic, ns). */
int fd_entry_await_until(struct fd_entry *, int64_t until);

/* Call `f` for each entry in first..last that has any of `flags`. */
void fd_table_each(unsigned first, unsigned last, unsigned flags, void (*f)(int fd, struct fd_entry *, void *), void *arg);

#endif
