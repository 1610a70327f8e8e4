/* dial: one connection along a route: connect to the first hop, then step the tunnel over the descriptor. It does what can be done without
 * waiting, says what it wants next, and leaves the waiting to a driver: dial/wait.h in this thread, dial/job.h on the engine. */
#ifndef CORE_DIAL_DIAL_H
#define CORE_DIAL_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "core/dial/lookup.h"
#include "core/proto/tunnel.h"
#include "core/route/path.h"

/* What dial_next() wants; negative values are errors. */
enum {
	DIAL_DONE,
	DIAL_READ,   /* to be called again when the descriptor is readable */
	DIAL_WRITE,  /* or writable */
	DIAL_NAME,   /* the addresses of `first`, by dial_found(): a look-up that blocks */
	DIAL_SOCKET, /* a stream socket of dial_family(), by dial_on() */
};

enum dial_stage { DIAL_FRESH, DIAL_BEGUN, DIAL_ANSWERED, DIAL_STANDS };

/* Not to be copied with `=`: see dial_move(). */
struct dial {
	struct tunnel tunnel; /* tunnel.at: the hop at work */
	struct path path;
	const struct route *route; /* which it belongs to; outlives the dial */
	struct addr first;    /* what the descriptor itself connects to: the first hop, or the target when direct */
	struct addresses found; /* of `first`, if that was a name, */
	int at;                 /* and which of them it is now */
	enum dial_stage stage; /* ANSWERED: by `first` */
	int family, flags; /* of the socket: dial_on() */
	bool eager;        /* looks for an answer before it waits: an edge that has passed is not told again */
	bool looked_up;
	int timeout_ms, hop_timeout_ms;
	int64_t started, deadline, hop_deadline; /* monotonic, ns */
};

/* Start; the clock runs from here. ROUTE_DIRECT or ROUTE_CHAIN. 0, or what tunnel_ask() says. */
int dial_begin(struct dial *, const struct config *, const struct route *, enum command, const struct addr *target);

/* The same along the first `hops` proxies of the chain; 0: directly. */
int dial_begin_part(struct dial *, const struct config *, const struct route *, size_t hops, enum command, const struct addr *target);

/* If the last hop has taken us in, but what it was asked for fails: ask for this instead, on the same descriptor. */
void dial_instead(struct dial *, enum command, const struct addr *target);

/* Take over a dial from where it stands; `from` is then worthless. */
void dial_move(struct dial *to, const struct dial *from);

/* Go as far as possible without waiting, over `fd` (-1: no socket yet). DIAL_*, or a negative err when no path is left. */
int dial_next(struct dial *, int fd);

/* What DIAL_NAME wants; none is an answer, too. */
void dial_found(struct dial *, const struct addresses *);

/* The family of the socket that it wants: the application's (see dial_on()) where that can reach the first hop. */
int dial_family(const struct dial *);

/* The descriptor that dial_next() is given is a stream socket of this family; `flags` are its F_GETFL. Without: a nonblocking one is wanted, of
 * whatever family reaches the first hop. */
void dial_on(struct dial *, int family, int flags);

/* The path has failed for a reason that dial_next() does not know: too late, or what was said over the connection. 0 if dial_next() goes on
 * along another; `rc` if none is left. */
int dial_failed(struct dial *, int fd, int rc);

/* When the next time limit ends, monotonic ns; and what passing it means: ERR_TIMED_OUT or ERR_PROXY_SILENT. */
int64_t dial_limit(const struct dial *);
int dial_overdue(const struct dial *);

/* Make a socket as if it had never been connected; to poll(2) it may still have an error to tell, until dial_clear(). */
void dial_disconnect(int fd);
void dial_clear(int fd);

/* Tell the log how it ended: 0 or a negative err. */
void dial_report(const struct dial *, int rc);

#endif
