/* SPDX-License-Identifier: MIT */
/* stand: where a proxy listens for one of the command's sockets, as long as that is open. For the engine's thread. */
#ifndef CLI_GUARD_LISTEN_STAND_H
#define CLI_GUARD_LISTEN_STAND_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"
#include "core/dial/binding.h"

struct stand {
	struct binding binding;
	struct job tick;     /* looks whether the socket is closed: nothing tells */
	struct job entering; /* job.fd: the connection, to the entrance, of a peer who has to wait until one before it is accepted; -1 */
	int carrier;         /* its connection, through the proxies */
	int jobs;            /* of these: the last frees it */
	uint64_t cookie;     /* of the socket */
	struct endpoint bound; /* what the kernel says that it is bound to: in the mirror, once the program listens */
	struct endpoint name;  /* where the proxy listens; none before its first answer */
	bool listens, asking, left;
	struct notice caller; /* whose stderr the log is for */
	struct asker *askers; /* calls that wait until the proxy has answered */
	struct stand *next, *prev;
};

/* Returns that of a socket; NULL: it has none. */
struct stand *stand_of(const struct guest_socket *);

/* Returns one for a socket; NULL without memory. It is the caller's to free until it has begun. */
struct stand *stand_make(const struct guest_socket *, const struct app *, const struct route *, const struct notice *caller);

/* Ask the proxy, and look from now on whether the socket is closed. */
void stand_begin(struct stand *);

/* Let a call wait for the answer: again() serves it anew, or answers it, if `rc` is a negative err: the proxy does not listen. Returns 0 or -ENOBUFS. */
int stand_wait(struct stand *, const struct notice *, void (*again)(const struct notice *, int rc));

/* The socket is an entrance that listens: `bound`, `cookie`. Let peers come. */
void stand_open(struct stand *);

/* Nobody needs it any more. */
void stand_leave(struct stand *);

#endif
