/* SPDX-License-Identifier: MIT */
/* probe: try out a chain: reach each hop through those before it, then the destination, or only greet the last hop; and time it. */
#ifndef CLI_CHECK_PROBE_H
#define CLI_CHECK_PROBE_H

#include <stdbool.h>

#include "conf/config.h"
#include "core/proto/handshake.h"

enum { PROBE_HOPS = 64 };

/* Whether a hop relays datagrams. */
struct probe_udp {
	bool tried;
	int rc;
	struct addr relay; /* known with 0 and with ERR_PROXY_RELAY */
};

struct probe {
	const struct route *route;
	const struct addr *target; /* NULL: none was asked for */
	size_t n;                  /* hops to try */
	size_t reached;            /* hops that could be connected to */
	double ms[PROBE_HOPS + 1]; /* of each leg; the last leads to the target */
	int rc;       /* why the next leg could not be gone, or what became of the greeting or the request; 0 or a negative err */
	size_t at;    /* the hop that `rc` concerns */
	bool greeted; /* the last hop has accepted us and waits for a request */
	bool works;   /* each hop does its work, whatever it says of the target */
	enum chose
		chose[PROBE_HOPS]; /* which of a user name and none each hop wanted; nothing: it was not offered both, or has not said */
	struct probe_udp udp[PROBE_HOPS];
};

/* Try it. With a target, the hops are asked to relay datagrams, too. */
void probe(struct probe *, const struct config *, const struct route *, const struct addr *target);

#endif
