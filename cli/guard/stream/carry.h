/* SPDX-License-Identifier: MIT */
/* carry: a connect(2) of the command's: dialled on its own socket, or on one to which that is relayed. It goes on when a signal interrupts the call, and the call that is made anew joins it. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_CARRY_H
#define CLI_GUARD_STREAM_CARRY_H

#include "cli/guard/guest/socket.h"
#include "conf/config.h"
#include "core/base/endpoint.h"
#include "core/route/decide.h"

/* What is to be connected whereto. */
struct carry_call {
	const struct notice *notice;
	struct guest_socket *socket;
	const struct app *app;
	const struct route *route; /* ROUTE_DIRECT or ROUTE_CHAIN */
	const struct addr *target;
	struct endpoint to; /* the destination in the command's own words */
	bool relayed;       /* if possible: the caller, or one of its signal handlers, may look at the socket meanwhile */
};

/* Begin. Returns NOTICE_LATER, after taking over the socket's descriptor; or a negative err. */
long carry_start(const struct carry_call *);

/* If the socket is being connected: wait for that (NOTICE_LATER) as connect(2) does, or -EALREADY. If that has ended and no call has said so: its
 * outcome, once: that is told, too (NOTICE_LATER). NOTICE_PASS: neither. */
long carry_join(const struct notice *, const struct guest_socket *);

/* Answer a connect(2) that has ended at once, so that the call hears the same if a signal interrupts it and it is made anew. Returns NOTICE_LATER. */
long carry_tell(const struct notice *, const struct guest_socket *, int rc);

/* True if the socket is being connected. */
bool carry_is_under_way(const struct guest_socket *);

/* If a signal has ended the connect(2) that began this, the socket may have looked connected before it was made to look otherwise: let a call that
 * asks how it went wait for the end, and be served by f() then. False if it need not. */
bool carry_defer(const struct guest_socket *, const struct notice *, void (*f)(const struct notice *));

/* The command disconnects the socket: the dial ends. */
void carry_abandon(const struct guest_socket *);

#endif
