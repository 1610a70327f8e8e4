/* slot: what is known of one of the application's descriptors. */
#ifndef NET_SLOT_H
#define NET_SLOT_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "proto/dbus_stream.h"

enum slot_flag {
	SLOT_PENDING = 1,  /* a connection is being made: `pending` */
	SLOT_PEER = 2,     /* connected through a chain, to what the application knows as `peer` */
	SLOT_FAILED = 4,   /* the connection failed with `error`, and the application has not asked yet */
	SLOT_SHUT = 8,     /* it failed: the socket has to be disconnected before it can connect again */
	SLOT_NEWS = 16,    /* a dial has ended, and the next connect has yet to say how */
	SLOT_WATCHED = 32, /* it has been in an epoll set: `watches` */
	SLOT_MOVING = 64,  /* out of its epoll sets for a moment, until watch_return() */
	SLOT_PRIVATE = 128, /* the library's own; the application does not know that it exists */
	SLOT_KEPT = 256,   /* private, and not to be closed in the child of a fork */
	SLOT_TIMED = 512,  /* the application has set SO_SNDTIMEO, which also limits a blocking connect */
	SLOT_LOWAT = 1024, /* the application has set SO_RCVLOWAT, which a proxy's short answers would not reach */
	SLOT_UDP = 2048,   /* a datagram socket that sends through chains: `udp` */
	SLOT_DIRECT = 4096, /* a datagram socket that has sent directly */
	SLOT_BUS = 8192,    /* connected to the system's message bus, to which it has said what `bus` followed */
	/* What a close has to see to. Not that it was in an epoll set: it leaves them by itself, and what the next
	 * registration under its number says replaces what is remembered. */
	SLOT_CLOSING = SLOT_PENDING | SLOT_PEER | SLOT_FAILED | SLOT_SHUT | SLOT_NEWS | SLOT_PRIVATE | SLOT_UDP | SLOT_DIRECT |
		       SLOT_BUS,
};

struct slot {
	atomic_uint flags;
	atomic_uint lock;
	union {
		struct pending *pending;
		_Atomic(struct udp *) udp; /* never both: the one is for streams, the other for datagrams */
	};
	_Atomic(struct watch *) watches; /* only ever grows */
	uint64_t cookie; /* SO_COOKIE of the socket that PEER, FAILED, SHUT and BUS speak of */
	union {
		struct sockaddr_in6 peer; /* or sockaddr_in; of a datagram socket: where it last sent directly */
		struct dbus_stream bus;
	};
	union {
		int error;
		atomic_int version; /* of a datagram socket's `peer`: odd while it is being written */
	};
};

_Static_assert(sizeof(struct slot) == 64, "a slot is one cache line");
_Static_assert(sizeof(struct dbus_stream) == sizeof(struct sockaddr_in6), "they are copied alike");

/* The slot of `fd` if anything is known of it but its epoll sets, else NULL: two loads. */
struct slot *slot_find(int fd);

/* The slot of `fd`, made when there is none; NULL when there is no memory, the number is beyond 2^24, or slots_foreign() and what the
 * parent knows of its own descriptor would be lost. */
struct slot *slot_make(int fd);

/* Whether this is a child that shares our memory but not our descriptors (vfork): what happens to its descriptors does not happen to
 * those that the slots speak of. Costs a system call. */
bool slots_foreign(void);

/* Hold a slot for a few system calls, never across waiting. Signals and cancellation of this thread wait meanwhile. */
void slot_lock(struct slot *);
void slot_unlock(struct slot *);

void slot_set(struct slot *, unsigned flags);
void slot_clear(struct slot *, unsigned flags);
bool slot_is(const struct slot *, unsigned flags); /* any of them */

/* What tells one socket from every other since the machine started (SO_COOKIE); 0 if `fd` is none. errno is left as it was. */
uint64_t slot_cookie(int fd);

/* Whether `fd` is still the socket that PEER, FAILED, SHUT and BUS speak of; if not, forget them: the number was closed behind our back. */
bool slot_verify(struct slot *, int fd);

/* Remember that `fd` is connected, to what the application calls `to`; NULL: to what the kernel calls so, too. */
void slot_connected(struct slot *, int fd, const struct sockaddr_in6 *to);

/* Remember that connecting `fd` failed with the errno `error`, of which the application has yet to hear. */
void slot_failed(struct slot *, int fd, int error);

/* The number was closed: forget everything. */
void slot_forget(struct slot *);

/* Copy what is known of one descriptor to its duplicate. */
void slot_copy(const struct slot *from, int to);

/* Wait until nothing is pending on the slot. */
void slot_await(struct slot *);

/* The same, as a blocking call: 0, -EINTR, or -EALREADY when it is `until` (monotonic, ns). */
int slot_await_until(struct slot *, int64_t until);

/* The process begins: the slots are its own, whatever a vfork child does first. */
void slots_begin(void);

/* A fork made us another process. */
void slots_forked(void);

/* Call `f` for each slot in first..last that has any of `flags`. */
void slots_each(unsigned first, unsigned last, unsigned flags, void (*f)(int fd, struct slot *, void *), void *arg);

#endif
