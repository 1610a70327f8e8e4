/* dial: one connection along a way: connect to the first hop, then step the tunnel over the descriptor. */
#ifndef CORE_DIAL_DIAL_H
#define CORE_DIAL_DIAL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "core/proto/tunnel.h"

/* What dial_connect() and dial_step() wait for; negative values are errors. */
enum { DIAL_DONE, DIAL_WANT_READ, DIAL_WANT_WRITE };

enum { DIAL_OTHERS = 3 };

/* Not to be copied with `=`: see dial_move(). */
struct dial {
	struct tunnel tunnel; /* tunnel.at: the hop at work */
	struct addr target;   /* what the application asked for, a placeholder already turned back into its name */
	struct addr first;    /* what the descriptor itself connects to: the first hop, or the target when direct */
	struct in6_addr others[DIAL_OTHERS]; /* further addresses of a resolved `first`; IPv4 as v4-mapped */
	int n_others;
	int family, flags; /* of the socket */
	bool connected;    /* `first` has answered */
	bool eager;        /* looks for an answer before it waits: an edge that has passed is not told again */
	const struct route *route; /* ROUTE_DIRECT or ROUTE_CHAIN; outlives the dial */
	int hop_timeout_ms;
	int64_t started, deadline, hop_deadline; /* monotonic, ns */
};

/* Start: the clock runs from here. 0, or what tunnel_begin() says. */
int dial_begin(struct dial *, const struct config *, const struct route *, const struct addr *target);

/* The same, but the last hop of the chain is asked for something else: 0, or what tunnel_ask() says. */
int dial_begin_ask(struct dial *, const struct config *, const struct route *, enum command, const struct addr *target);

/* Take over a dial from where it stands; `from` is then worthless. */
void dial_move(struct dial *to, const struct dial *from);

/* Whether dial_resolve() has something to do. */
bool dial_needs_resolving(const struct dial *);

/* Turn `first` from a name into the addresses that a socket of `family` reaches, else into others; by libc's resolver; blocks. 0,
 * ERR_PROXY_NAME or ERR_TARGET_NAME. */
int dial_resolve(struct dial *, int family);

/* The family of a socket that reaches `first`, when the application's is of `family`: the same where it can be. */
int dial_family(const struct dial *, int family);

/* Connect `fd`, a stream socket of `family`, without waiting; `flags` are its F_GETFL. DIAL_WANT_* or a negative err. */
int dial_connect(struct dial *, int fd, int family, int flags);

/* Make a socket as if it had never been connected; to poll(2) it may still have an error to tell, until dial_clear(). */
void dial_disconnect(int fd);
void dial_clear(int fd);

/* Go as far as possible without waiting. DIAL_DONE, DIAL_WANT_* or a negative err. */
int dial_step(struct dial *, int fd);

/* When the next time limit ends, monotonic ns; and what passing it means: ERR_TIMED_OUT or ERR_PROXY_SILENT. */
int64_t dial_limit(const struct dial *);
int dial_overdue(const struct dial *);

/* Step until done or failed, waiting in poll(2) for what `want` says. The dial can go on after -EINTR (a signal handler ran that asks
 * not to be restarted) and -EINPROGRESS (it is `until`, monotonic ns; INT64_MAX for no such time). */
int dial_wait(struct dial *, int fd, int want, int64_t until);

/* From here to there the calling thread can be cancelled only while dial_wait() waits, and if it could be before. */
void dial_hold_cancel(void);
void dial_release_cancel(void);

/* All of the above on a socket of its own: a connected descriptor (blocking, close-on-exec), or a negative err. */
int dial_open(struct dial *, const struct config *, const struct route *, const struct addr *target);

/* Tell the log how it ended: 0 or a negative err. */
void dial_report(const struct dial *, int rc);

#endif
