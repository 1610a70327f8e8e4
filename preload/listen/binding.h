/* SPDX-License-Identifier: MIT */
/* binding: what the engine does for a socket that listens at a proxy: asks that to listen, awaits the peer, announces it on loopback, and asks
 * anew. */
#ifndef LISTEN_BINDING_H
#define LISTEN_BINDING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/endpoint.h"
#include "core/base/lock.h"
#include "core/dial/job.h"
#include "core/route/decide.h"

enum { BINDING_ROOM = 16 };

/* A peer that has come, until the program accepts it. */
struct arrival {
	int carrier;   /* its connection, through the proxies */
	int token;     /* our connection to the loopback socket, */
	uint16_t port; /* from there */
	struct endpoint peer, name;
};

struct listener {
	struct lock lock;
	atomic_uint users;  /* the program's numbers that mean it, and calls that are at work on it */
	bool started;       /* the program has called listen(), and its number means the loopback socket */
	pid_t owner;        /* the process whose engine works for it */
	bool busy;          /* the engine has one of the jobs */
	bool full;          /* it waits for room */
	atomic_uint asking; /* the proxy is being asked where it listens next; a futex */
	int family;
	bool ipv6_alone; /* IPV6_V6ONLY */
	const struct app *app;
	const struct route *route;
	struct addr at;           /* the loopback socket's address */
	struct endpoint name;     /* where the proxy listens; */
	struct endpoint next;     /* or will, for the peer after those that have come */
	struct dial_job dialling; /* the engine's, once the program listens */
	int dialled;              /* its descriptor, as long as it is that: who leaves may shut it down */
	struct job pausing;
	int pause_ms;
	struct arrival arrivals[BINDING_ROOM];
	int n;
};

/* Ask the proxy, and wait for its answer in this thread: `next` is then where it listens. Returns 0 or a negative err. */
int binding_wait(struct listener *);

/* Let the engine await the peer of what was asked; or ask anew, and then await. The listener is `busy` from before the call. */
void binding_await_peer(struct listener *);
void binding_begin(struct listener *);

/* Log where the proxy listens. */
void binding_tell(const struct listener *, const struct endpoint *name);

/* Free it, with the peers that nobody has accepted. */
void binding_release(struct listener *);

#endif
