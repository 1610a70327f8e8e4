/* SPDX-License-Identifier: MIT */
/* dial: one connection along a route: connects to the first hop, then speaks with each hop over the descriptor. A dial does what it can without
 * waiting, says what it wants next, and leaves the waiting to a driver: dial/wait.h in the calling thread, dial/job.h on the engine. One
 * thread at a time has a dial; a forked child may go on with a copy. */
#ifndef CORE_DIAL_DIAL_H
#define CORE_DIAL_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "core/dial/lookup.h"
#include "core/proto/tunnel.h"
#include "core/route/path.h"

/* What a dial wants; negative values are errors. */
enum {
	DIAL_DONE,
	DIAL_READ,   /* another dial_next() once the descriptor is readable, */
	DIAL_WRITE,  /* or writable */
	DIAL_NAME,   /* the addresses of `first`, by dial_found(); to look them up blocks */
	DIAL_SOCKET, /* a stream socket of dial_family(), announced by dial_on() */
	DIAL_HELD,   /* nothing: its owner holds it back by dial_hold() */
};

/* How far the connection is: not begun; begun; the other side has answered; it reaches the target. */
enum dial_stage { DIAL_FRESH, DIAL_BEGUN, DIAL_ANSWERED, DIAL_STANDS };

/* What is found out about a proxy along the way: ahead.h. */
struct trial {
	const struct proxy *hop; /* NULL: nothing */
	size_t at;               /* the hop whose answer shows it */
	int habit;               /* enum habit */
	int64_t until;           /* how long it waits for that, in monotonic ns */
	int64_t waited;          /* how long it did, in vain */
};

/* Do not copy with `=`: see dial_move(). */
struct dial {
	struct tunnel tunnel; /* tunnel.at: the hop at work */
	struct path path;
	const struct route *route; /* the route of the path; outlives the dial. NULL: it was never begun */
	struct addr first;         /* what the descriptor itself connects to: the first hop, or the target when direct */
	struct addresses found;    /* the addresses of `first`, if that was a name, */
	int at;                    /* and the index of the one in use */
	bool looked_up;            /* dial_found() has been called */
	enum dial_stage stage;
	bool isolated; /* SOCKS5 hops without credentials are given `login`, by the key `isolate` */
	struct login login;
	struct manner manner; /* how the path's hops are spoken to */
	struct trial trial;
	bool in_turn;      /* what was said ahead may have been lost */
	int64_t spoke;     /* when something was sent last, monotonic ns */
	int family, flags; /* of the socket: dial_on() */
	bool on_device;    /* it is bound to a device: dial_on_device() */
	bool apart;        /* it is an AF_INET6 socket that does not reach IPv4, since it is bound to an address */
	bool eager;        /* try to read before waiting, since an edge that has passed is not reported again */
	bool heard;        /* the hop at work has said something */
	bool closed;       /* a hop has closed the connection */
	bool no_route;     /* the kernel has no route to `first` */
	int timeout_ms, hop_timeout_ms;
	int64_t held;                    /* until when it is held back; 0: it is not */
	int64_t began, deadline;         /* the dial, monotonic, ns */
	int64_t started;                 /* the path */
	int64_t hop_began, hop_deadline; /* the hop at work, */
	int64_t hop_took;                /* and how long it took to say its first word */
};

/* Begin: the clock runs from here. `route` is ROUTE_DIRECT or ROUTE_CHAIN. Returns 0, or what tunnel_ask() says if no path is left. */
int dial_begin(struct dial *, const struct config *, const struct route *, enum command, const struct addr *target);

/* Begin along the `n` hops at `hops`, of that route, and no others; 0: directly. */
int dial_begin_along(struct dial *, const struct config *, const struct route *, const struct proxy *const *hops, size_t n, enum command,
		     const struct addr *target);

/* Ask the last hop for this instead if it accepts us but fails at its first request. */
void dial_instead(struct dial *, enum command, const struct addr *target);

/* Move a dial, which goes on from where it stands; `from` is then worthless. */
void dial_move(struct dial *to, const struct dial *from);

/* Once a dial with COMMAND_BIND is done: let it go on until a peer has come, however long that takes; tunnel_bound() then tells the peer.
 * Returns 0 or a negative err. */
int dial_await_peer(struct dial *);

/* Go as far as possible without waiting, over `fd` (-1: no socket yet). Returns what the dial wants, or a negative err when no path is left. */
int dial_next(struct dial *, int fd);

/* Give the dial the addresses of `first`; there may be none. */
void dial_found(struct dial *, const struct addresses *);

/* Returns the family of the socket that the dial wants: that of dial_on() if such a socket reaches the first hop. */
int dial_family(const struct dial *);

/* Announce that dial_next() will get a stream socket of this family, with these F_GETFL flags. Without this a dial wants a nonblocking
 * socket of whatever family reaches the first hop. */
void dial_on(struct dial *, int family, int flags);

/* Announce that the socket is bound to a device, which may not lead to the first hop. */
void dial_on_device(struct dial *);

/* Hold a dial back that has not done anything yet: its limit is then that time, or its deadline. And let it go: the clock runs from here. */
void dial_hold(struct dial *, int64_t until);
void dial_release(struct dial *);

/* Tell the dial that its path has failed for a reason unknown to dial_next(): time is up, or what the connection carried. Returns 0 if
 * dial_next() goes on along another path; `rc` if none is left. */
int dial_failed(struct dial *, int fd, int rc);

/* Make a socket as if it had never been connected. To poll(2) it may still have an error; dial_clear() removes that as well. */
void dial_disconnect(int fd);
void dial_clear(int fd);

/* Returns what became of the path: why, and where. */
struct setback dial_setback(const struct dial *, int rc);

#endif
