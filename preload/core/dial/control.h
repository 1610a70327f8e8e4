/* control: the connection to one hop of a chain that keeps its UDP relay open. */
#ifndef CORE_DIAL_CONTROL_H
#define CORE_DIAL_CONTROL_H

#include "core/dial/dial.h"
#include "core/dial/engine.h"

struct control {
	struct job job; /* job.fd: the connection, private */
	struct dial dial;
	struct route part;       /* the chain as far as this hop */
	int want;              /* what the dial waits for, or how it ended */
	struct making *making; /* what it is a part of */
};

/* Prepare to ask the last of the first `hops` proxies of `via` for a relay. 0, or ERR_UDP_UNSUPPORTED, ERR_TOO_LONG. */
int control_init(struct control *, const struct config *, const struct route *route, size_t hops);

/* Look up what has to be; blocks. */
void control_resolve(struct control *);

/* Begin to connect; go on as far as possible without waiting. Both leave DIAL_WANT_*, DIAL_DONE or a negative err in `want`. */
void control_connect(struct control *);
void control_step(struct control *);

/* Once done: where its relay listens. What the proxy leaves open, or says as only itself can mean it, is the proxy's own address. */
struct addr control_relay(const struct control *);

/* All of it, waiting, to see whether the last hop of a chain relays datagrams, and where. 0 or a negative err. */
int control_try(const struct config *, const struct route *, struct addr *relay);

#endif
