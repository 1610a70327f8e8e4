/* SPDX-License-Identifier: MIT */
/* socket: what the files of udp know of one of the application's datagram sockets. */
#ifndef UDP_SOCKET_H
#define UDP_SOCKET_H

#include "core/base/lock.h"
#include "udp/association.h"
#include "udp/peer.h"
#include "udp/udp.h"

enum { UDP_ASSOCIATIONS = 8, UDP_NOT_LINKED = -1 };

/* One per socket: duplicates of its descriptor share it, and so does a forked child, until either of them makes an association anew. The lock
 * guards what is not atomic. */
struct udp {
	struct udp *next, *prev; /* all of this process, for fork */
	struct lock lock;
	unsigned slots;    /* descriptors that are it; none: it is closed */
	atomic_uint users; /* those, and calls and makings under way: none: it is freed */
	uint64_t cookie;
	atomic_uint closing; /* calls to udp_close() */
	atomic_uint calls;   /* since the cookie was looked at, roughly */
	int family;
	atomic_bool direct;    /* it sends directly, too */
	atomic_bool corked;    /* the last send said MSG_MORE: the next one adds to the same datagram */
	atomic_bool connected; /* by the application, to: */
	struct peer peer;
	atomic_uint front_len; /* of the relay used last, roughly: how long the headers of an answer will be */
	int linked;            /* the association whose relay the kernel has it connected to */
	atomic_int error;      /* what went wrong behind the application's back, not yet told: a negative err */
	int socket;            /* private: the socket, while the engine makes an association for it */
	unsigned making;       /* how many the engine makes */
	struct association associations[UDP_ASSOCIATIONS];
	struct peers peers;
};

/* As what the program is decided upon. */
const struct app *udp_app(void);

/* Fill in the relay and the headers, if the association stands. The socket is locked. */
void udp_admit(struct udp *, struct udp_dest *);

/* The peer that the application calls `as`, met now or before; `real` is where it is, when direct. The socket is locked. */
struct peer *udp_met(struct udp *, const struct endpoint *as, const struct addr *where, const struct route *,
		     const struct endpoint *real);

/* The association for a datagram, ready; or none and the datagram waits in its queue (then *waits); or a negative err. */
int udp_associate(struct udp *, int fd, const struct udp_dest *, const struct msghdr *, bool nonblocking, bool *waits);

/* The association along a route, unused if there was none; NULL if all are used. The socket is locked. */
struct association *udp_association(struct udp *, const struct route *, unsigned group);

/* Have the kernel let in that association's relay alone, as it does for a connected socket, and tell of its errors. The socket is locked. */
void udp_link(struct udp *, int fd, int association);

/* Make sure that the association for a datagram to the DNS server in this process stands. 0 or a negative err. */
int udp_face_dns(struct udp *, int fd, const struct udp_dest *);

#endif
