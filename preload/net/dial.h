/* dial: one connection along a way: connect to the first hop, then step the tunnel over the descriptor. */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "proto/tunnel.h"

/* What dial_step() waits for; negative values are errors. */
enum { DIAL_DONE, DIAL_WANT_READ, DIAL_WANT_WRITE };

struct dial {
	struct tunnel tunnel;     /* tunnel.at: the hop at work, for messages */
	struct addr target;       /* what the application asked for, a placeholder already turned back into its name */
	struct addr first;        /* what the descriptor itself connects to: the first hop, or the target when direct */
	const struct via *via;    /* VIA_DIRECT or VIA_CHAIN; outlives the dial */
	bool connected;           /* `first` has answered */
	int hop_timeout_ms;
	int64_t deadline, hop_deadline; /* monotonic, ns */
};

/* Start: the clock runs from here. 0, or what tunnel_begin() says. */
int dial_begin(struct dial *, const struct config *, const struct via *, const struct addr *target);

/* Whether dial_resolve() has something to do. */
bool dial_needs_resolving(const struct dial *);

/* Turn `first` from a name into an address, by libc's resolver; blocks. 0, ERR_PROXY_NAME or ERR_TARGET_NAME. */
int dial_resolve(struct dial *);

/* Connect `fd`, a stream socket of a family that can reach `first`, without waiting whatever its O_NONBLOCK says; `flags` are the
 * descriptor's F_GETFL. What dial_step() returns. */
int dial_connect(struct dial *, int fd, int flags);

/* Go as far as possible without waiting. DIAL_DONE, DIAL_WANT_*, or a negative err. */
int dial_step(struct dial *, int fd);

/* When the next time limit ends, monotonic ns; and what passing it means (ERR_TIMED_OUT, ERR_PROXY_SILENT, ERR_TARGET_TIMED_OUT). */
int64_t dial_limit(const struct dial *);
int dial_overdue(const struct dial *);

/* Step until done or failed, waiting in poll(2). -EINTR: a signal handler ran that asks not to be restarted; the dial may go on. */
int dial_wait(struct dial *, int fd, int want);

/* All of the above on a socket of its own: a connected descriptor (blocking, close-on-exec), or a negative err. */
int dial_open(struct dial *, const struct config *, const struct via *, const struct addr *target);

/* Now, monotonic, ns. */
int64_t dial_now(void);

#endif
