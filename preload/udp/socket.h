/* SPDX-License-Identifier: MIT */
/* socket: what the files of this folder share about one of the application's datagram sockets. */
#ifndef UDP_SOCKET_H
#define UDP_SOCKET_H

#include "core/base/lock.h"
#include "udp/association.h"
#include "udp/peer.h"
#include "udp/udp.h"

enum { UDP_ASSOCIATIONS = 8 };

struct udp_forwarder;

/* One per socket: duplicates of its descriptor share it. A forked child has its own copy, whose associations stay the same until either
 * process makes new ones. The lock guards what is not atomic. */
struct udp {
	struct udp *next, *prev; /* all sockets of this process, for fork */
	struct lock lock;
	unsigned entries;  /* descriptors that mean it; at 0 it is closed */
	atomic_uint users; /* descriptors, calls, and associations being set up; at 0 it is freed */
	uint64_t cookie;
	atomic_uint closing; /* udp_close() calls in progress */
	atomic_uint calls;   /* calls since the cookie was checked, roughly */
	int family;
	atomic_bool direct;    /* it also sends directly */
	atomic_bool corked;    /* the last send said MSG_MORE: the next one adds to the same datagram */
	atomic_bool connected; /* the application has connected it, to: */
	struct peer peer;
	atomic_uint front_len; /* headers of the relay used last, roughly: how long those of an answer will be */
	bool forwarded;        /* the kernel has connected it to a forwarder, which is: */
	struct endpoint at;
	struct udp_forwarder *forwarder; /* if this process serves it */
	pid_t server;                    /* the process that this one was forked from, if its forwarder has carried something */
	struct endpoint own;             /* connected, but not by the kernel: the address that the socket then had */
	atomic_bool kins;                /* a parent or child sends by it, and whether this process does too has yet to be seen */
	bool watches;                    /* we have asked the kernel for errors, and read them from its queue */
	bool filtered;                   /* the socket's filter is ours */
	struct endpoint waker;           /* the socket of ours that last woke it */
	atomic_int error;                /* a failure that the application has yet to hear of: a negative err */
	int socket;                      /* hidden: a duplicate, while the engine sets up an association */
	unsigned unfinished;             /* how many associations the engine is setting up */
	struct association associations[UDP_ASSOCIATIONS];
	struct peers peers;
};

/* Call f(u) for each socket, locked. */
void udp_each(void (*f)(struct udp *));

/* Returns a socket for which the engine is setting up an association, to be used until udp_leave(); NULL if there is none. */
struct udp *udp_unfinished(void);

/* Returns the program for which decisions are made. */
const struct app *udp_app(void);

/* Fill in the relay and the headers if the association stands. The socket is locked. */
void udp_admit(struct udp *, struct udp_dest *);

/* Returns the peer that the application calls `as`, added if new; `real` is its address if it is direct. The socket is locked. */
struct peer *udp_met(struct udp *, const struct endpoint *as, const struct addr *where, const struct route *,
		     const struct endpoint *real);

/* Make the association for a datagram ready, or let the datagram wait in the queue (*waits). Returns 0 or a negative err. */
int udp_associate(struct udp *, int fd, const struct udp_dest *, const struct msghdr *, bool nonblocking, bool *waits);

/* Tell parents and children of an association that stands now. The socket is locked. */
void udp_tell_kin(const struct udp *, const struct association *);

/* Returns the association along a route, or an unused one; NULL if all are in use. The socket is locked. */
struct association *udp_association(struct udp *, const struct route *, unsigned group);

/* The kernel's peer is nobody from now on: relays answer, and only what our hooks see can be sent. The socket is locked. */
void udp_face_nobody(struct udp *, int fd);

/* The kernel's peer is about to become another, of the program's choice. The socket is locked. */
void udp_face_program(struct udp *, int fd);

/* Our hooks are about to send: end the forwarder, unless it has carried something. The socket is locked. */
void udp_take_back(struct udp *, int fd);

/* Ask the kernel for the errors that datagrams meet, as it reports them to connected sockets; read them from its queue, once one was reported;
 * and ask no more. The socket is locked. */
void udp_watch(struct udp *, int fd);
void udp_watched(const struct udp *, int fd);
void udp_watch_no_more(struct udp *, int fd);

/* Make the association with the DNS server in this process ready. Returns 0 or a negative err. */
int udp_face_dns(struct udp *, const struct udp_dest *);

#endif
