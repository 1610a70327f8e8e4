/* SPDX-License-Identifier: MIT */
/* share: what all processes have in common that have a socket which listens at a proxy, the one that called listen() and those that inherited
 * it. Any thread and any process. */
#ifndef LISTEN_SHARE_H
#define LISTEN_SHARE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/endpoint.h"
#include "core/base/seqlock.h"
#include "core/dial/binding.h"

/* Memory. A process that shares it may have dropped its privileges and be an enemy: what it writes there is taken for an address and for numbers, and
 * it could take the peers as well. */
struct common {
	atomic_uint owner;        /* the process whose engine asks the proxy; a futex */
	atomic_uint asking;       /* the proxy is being asked where it listens next; a futex */
	_Atomic uint64_t awaited; /* the cookie of the connection by which the owner awaits the next peer; 0: by none */
	uint16_t port;            /* to which the program has bound the socket: a rule may name it */
	bool ipv6_alone;          /* whether it was for IPv6 alone */
	struct seqlock lock;
	struct endpoint name; /* where the proxy listens, for the peer after those that have come */
};

/* Hidden descriptors: of a socket pair by which peers that have come (arrival.h) go in and out, and of the memory. As long as any process has `out`
 * open, somebody may accept. */
struct share {
	int in, out, memory; /* -1: none */
	struct common *common;
};

extern const struct share share_none;

/* Make one, for a socket that was bound to that port, and for which the proxy has been asked. Returns 0 or -errno. */
int share_open(struct share *, const struct binding *, uint16_t port);

/* Have another's, of whose descriptors these are copies at ordinary numbers: they become hidden. Returns 0 or -errno. */
int share_take(struct share *, int in, int out, int memory);

void share_close(struct share *);

/* In the child of a fork: spare it from hidden_close_others(). */
void share_keep(const struct share *);

/* The proxy is being asked where it listens next; it has said so, or will not. */
void share_asking(struct share *);
void share_answered(struct share *);

/* Where that is. Only the owner says so. */
void share_rename(struct share *, const struct endpoint *);

/* Find it, as it was last; or wait while the proxy is asked, and for an heir who does when the owner has ended. */
void share_name(const struct share *, struct endpoint *);
void share_await_name(const struct share *, struct endpoint *);

/* Returns the owner's process. */
int share_owner(const struct share *);

/* Take the place of an owner that has ended. Returns false if another process did. Then, once it is known whether the proxy is asked anew, say so. */
bool share_take_over(struct share *, int owner);
void share_taken_over(struct share *);

#endif
