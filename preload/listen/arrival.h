/* SPDX-License-Identifier: MIT */
/* arrival: what the engine does for a socket of the program's that listens at a proxy: it keeps the peers that have come, and announces each on
 * loopback. */
#ifndef LISTEN_ARRIVAL_H
#define LISTEN_ARRIVAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/endpoint.h"
#include "core/base/lock.h"
#include "core/dial/binding.h"

enum { ARRIVAL_ROOM = 16 };

/* A peer that has come, until the program accepts it. */
struct arrival {
	int carrier;   /* its connection, through the proxies */
	int token;     /* our connection to the loopback socket, */
	uint16_t port; /* from there */
	struct endpoint peer, name;
};

struct listener {
	struct lock lock;
	atomic_uint users;      /* the program's numbers that mean it, and calls that are at work on it */
	bool started;           /* the program has called listen(), and its number means the loopback socket */
	pid_t owner;            /* the process whose engine works for it */
	bool busy;              /* the engine has one of the jobs */
	bool full;              /* it waits for room */
	atomic_uint asking;     /* the proxy is being asked where it listens next; a futex */
	struct addr at;         /* the loopback socket's address */
	struct endpoint name;   /* where the proxy listens, for the peer after those that have come */
	struct binding binding; /* the engine's, once the program listens: `busy` from before it is given that */
	int dialled;            /* its descriptor, as long as it is that: who leaves may shut it down */
	struct arrival arrivals[ARRIVAL_ROOM];
	int n;
};

/* Returns one with a single user, for a socket of that family; NULL without memory. */
struct listener *arrival_listener(const struct app *, const struct route *, int family, bool ipv6_alone);

/* Free it, with the peers that nobody has accepted. */
void arrival_release(struct listener *);

#endif
