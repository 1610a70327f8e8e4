/* SPDX-License-Identifier: MIT */
/* at_proxy: sockets of the command's that listen at a proxy, by BIND (RFC 1928, 4 and 6). Once the program listens, its number means a socket in the
 * mirror: peers come there, and go on to be relayed, so that whoever has the number may accept, as from the kernel. For the engine's thread. */
#ifndef CLI_GUARD_LISTEN_AT_PROXY_H
#define CLI_GUARD_LISTEN_AT_PROXY_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"
#include "core/route/decide.h"

/* A call about such a socket. */
struct at_proxy_call {
	const struct notice *notice;
	struct guest_socket *socket;
	const struct app *app;
	const struct route *route; /* a chain */
	/* Serve the call again, once the proxy has answered; or answer it, if `rc` is a negative err: the proxy does not listen. */
	void (*again)(const struct notice *, int rc);
};

/* Serve listen(2) on a TCP socket that does not listen. Returns 0, NOTICE_LATER, or a negative err. */
long at_proxy_listen(const struct at_proxy_call *);

/* Have the proxy listen, if it does not already, for a socket of which the program has yet to say so. Returns NOTICE_LATER, or a negative err. */
long at_proxy_ask(const struct at_proxy_call *);

/* Find where the proxy listens for the socket, or had listened for the peer whose connection it is. Returns 0; NOTICE_LATER if the proxy is just
 * being asked; NOTICE_PASS if it is another socket. */
long at_proxy_name(const struct at_proxy_call *, struct endpoint *name);

/* The program connects the socket: nobody will come to it. */
void at_proxy_leave(const struct guest_socket *);

#endif
