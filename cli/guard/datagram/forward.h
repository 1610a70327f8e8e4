/* SPDX-License-Identifier: MIT */
/* forward: the datagrams between one of the command's UDP sockets and its peers, through a chain: the kernel's peers of the socket are the supervisor's,
 * which puts the relays' headers on and takes them off. So whatever the command does with its socket works. For the engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_FORWARD_H
#define CLI_GUARD_DATAGRAM_FORWARD_H

#include "cli/guard/datagram/parcel.h"
#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"
#include "core/route/decide.h"

/* The `nth` message of a call has been sent on this socket, or not, with its number of bytes or a negative err: answer the call. The socket stays the
 * caller's. */
typedef void forward_sent(const struct notice *, struct guest_socket *, int nth, long rc);

/* Whose datagrams go where. */
struct forward_call {
	const struct notice *notice;
	struct guest_socket *socket;
	const struct app *app;
	const struct route *route; /* a chain */
	const struct addr *target;
	struct endpoint to; /* the peer in the command's own words */
	int nth;            /* message of the call, */
	forward_sent *sent; /* and who is told when that has waited for the relays; NULL: the call is answered */
};

/* Be the peer of a socket. Relays are made once it sends: if that fails, the kernel's word for it is ECONNREFUSED. Returns 0 or a negative err. */
int forward_connect(const struct forward_call *);

/* Serve the sending of a parcel on a socket in the mirror: it is sent when the relays stand. Returns NOTICE_LATER, after taking over
 * the socket's descriptor; NOTICE_PASS if they stand already, and the caller may send; or a negative err. */
long forward_send(const struct forward_call *, const struct parcel *);

/* Nobody is left who could send: what has been sent goes out, and every forward ends. */
void forward_finish(void);

/* The socket gets another peer, or none: what was connected is over. */
void forward_drop(const struct guest_socket *);

#endif
