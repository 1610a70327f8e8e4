/* SPDX-License-Identifier: MIT */
/* table: what we know of each of the application's descriptors. Any thread and any signal handler; entries never move, and a forked child
 * has its own. Flags are atomic; the entry's lock guards the rest, or the cookie tells if it is current. */
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
	FD_PENDING = 1, /* a connect is in progress: `pending` */
	FD_PEER = 2,    /* connected through a chain, to what the application calls `peer` */
	FD_FAILED = 4,  /* the connect failed with `error`, and the application has not asked yet */
	FD_SHUT = 8,    /* the connect failed: disconnect the socket before it connects again */
	FD_NEWS = 16,   /* a dial has ended, and the next connect has yet to report how */
	/* A datagram socket: */
	FD_UDP = 32,    /* it sends through chains: `udp` */
	FD_DIRECT = 64, /* it has sent directly, most recently to `direct` */
	/* A connection to the system's message bus: */
	FD_DBUS = 128, /* `dbus` follows what the application has said */
	/* A descriptor of the library's own, hidden from the application: */
	FD_HIDDEN = 256,
	FD_KEPT = 512, /* stays open in the child of a fork */
	/* Any descriptor: */
	FD_REGISTERED = 1024, /* it has been in an epoll set: `registrations` */
	FD_MOVING = 2048,     /* out of its epoll sets until fd_epoll_return() */
	FD_TIMED = 4096,      /* the application has set SO_SNDTIMEO, which also limits a blocking connect */
	FD_LOWAT = 8192,      /* the application has set SO_RCVLOWAT, which a proxy's short answers may not reach */
	FD_AWAITED = 16384,   /* threads sleep until nothing is pending */
	FD_DEVICE = 32768,    /* the application has bound the socket to a device */

	FD_JOURNALED = 65536,   /* a stream that somebody wants to hear the end of: `journal` */
	FD_DUPLICATED = 131072, /* a datagram socket with more than one number, before anything else is known of it */

	FD_LISTENING = 262144, /* it listens at a proxy: `listening` */

	FD_UNHEARD = 524288, /* a stream that went directly, or failed and was told why: a guard above has heard of nothing */

	/* The kinds, which exclude each other. A number without any of these flags has no kind. */
	FD_STREAM = FD_PENDING | FD_PEER | FD_FAILED | FD_SHUT | FD_NEWS | FD_UNHEARD,
	FD_DATAGRAM = FD_UDP | FD_DIRECT,
	FD_KINDS = FD_STREAM | FD_DATAGRAM | FD_DBUS | FD_LISTENING,
	/* Flags that make close() take the slow path, which a program may no longer take once it has shut itself in (seccomp). Of the rest
	 * the cookie tells that the number is another's; the kernel drops a closed descriptor from epoll sets, and the next registration
	 * overwrites our record; where the last owner of a number sent directly, anyone may. */
	FD_CLOSING = FD_PENDING | FD_UDP | FD_HIDDEN | FD_JOURNALED | FD_LISTENING,
};

/* No two flags share a bit: distinct powers of two add up to what they are together. */
_Static_assert(FD_PENDING + FD_PEER + FD_FAILED + FD_SHUT + FD_NEWS + FD_UDP + FD_DIRECT + FD_DBUS + FD_HIDDEN + FD_KEPT + FD_REGISTERED +
			       FD_MOVING + FD_TIMED + FD_LOWAT + FD_AWAITED + FD_DEVICE + FD_JOURNALED + FD_DUPLICATED + FD_LISTENING +
			       FD_UNHEARD ==
		       2 * FD_UNHEARD - 1,
	       "two flags are one");

struct fd_entry {
	atomic_uint flags;
	struct lock lock;
	_Atomic(struct registration *) registrations; /* only ever grows */
	uint64_t cookie;                              /* SO_COOKIE of the stream or the connection to the bus */
	union {                                       /* by kind */
		struct {
			struct pending *pending;
			struct endpoint peer;
			union {
				int error;        /* of FD_FAILED */
				unsigned journal; /* of FD_JOURNALED: its number there (core/journal/journal.h) */
			};
		} stream;
		struct {
			_Atomic(struct udp *) udp;
			struct endpoint direct;
			struct seqlock lock; /* of `direct` */
		} datagram;
		struct dbus_stream dbus;
		struct listener *listening; /* listen/listener.h */
	};
};

_Static_assert(sizeof(struct fd_entry) <= 64, "an entry is one cache line");

/* Returns the entry of `fd` if more is known than its epoll sets, else NULL. Costs two loads. */
struct fd_entry *fd_entry_find(int fd);

/* Returns the entry of `fd`, made if necessary. NULL if memory is short, if the number is beyond 2^24, or if fd_table_foreign() and the
 * parent would lose what it knows of its own descriptor. */
struct fd_entry *fd_entry_make(int fd);

/* True in a child that lives in its parent's memory (vfork), and in a thread that has left the table: the entries describe other
 * descriptors than its own, and the engine works on those. Costs a system call. */
bool fd_table_foreign(void);

/* The calling thread now has a descriptor table that other threads do not share. */
void fd_table_leave(void);

/* In the child of a fork: the entries describe its descriptors from now on. */
void fd_table_forked(void);

void fd_entry_set(struct fd_entry *, unsigned flags);
void fd_entry_clear(struct fd_entry *, unsigned flags);
bool fd_entry_is(const struct fd_entry *, unsigned flags); /* true if any is set */

/* Returns what tells one socket from every other since the machine started (SO_COOKIE); 0 if `fd` is no socket. Leaves errno alone. */
uint64_t fd_entry_cookie(int fd);

/* Give the entry a kind. If it had another, its number was closed behind our back, and what was known is forgotten; those who keep more
 * there (a pending dial, a struct udp) must have removed that before. */
void fd_entry_become(struct fd_entry *, unsigned kind);

/* True if `fd` is still the stream, or the connection to the bus, that the entry describes. Else the number was closed behind our back,
 * and what was known is forgotten. Does not look at a pending dial. */
bool fd_entry_verify(struct fd_entry *, int fd);

/* Remember that `fd` is connected to what the application calls `to`; NULL if the kernel calls it the same. */
void fd_entry_connected(struct fd_entry *, int fd, const struct endpoint *to);

/* Remember that connecting `fd` failed with the errno `error`, which the application has yet to hear of. */
void fd_entry_failed(struct fd_entry *, int fd, int error);

/* Record that the kernel tells all of the socket's connect: it went directly, or it failed and the application knows why. */
void fd_entry_unheard(struct fd_entry *, int fd);

/* Copy what is known of a descriptor to its duplicate, except for what others keep: a pending dial, epoll registrations, a struct udp. */
void fd_entry_copy(const struct fd_entry *from, int to);

/* Nothing is pending any more: wake those who wait for that. The entry is locked. */
void fd_entry_over(struct fd_entry *);

/* Wait until nothing is pending on the entry. */
void fd_entry_await(struct fd_entry *);

/* The same for a blocking call, which may be cancelled. Returns 0, -EINTR, or -EALREADY once it is `until` (monotonic, ns). */
int fd_entry_await_until(struct fd_entry *, int64_t until);

/* Wait until nothing is pending on any entry. */
void fd_table_await(void);

/* Call `f` for each entry in first..last that has any of `flags`. */
void fd_table_each(unsigned first, unsigned last, unsigned flags, void (*f)(int fd, struct fd_entry *, void *), void *arg);

#endif
