/* SPDX-License-Identifier: MIT */
/* forwarder: a socket of our own that is the kernel's peer of a connected one of the program's. What the program writes there by calls that
 * no hook sees, stdio and sendfile(2) among them, the engine sends on to the relay behind its headers; answers go back without them. */
#ifndef UDP_FORWARDER_H
#define UDP_FORWARDER_H

#include "udp/socket.h"

struct udp_forwarder;

/* Make one for the peer of `u`, and connect the program's socket `fd` to it. It uses `u` until it calls done(u). The socket is locked, and
 * the caller must start the forwarder once it is not. Returns 0 or a negative err. */
int udp_forwarder_make(struct udp *u, int fd, const struct peer *, const struct app *, void (*done)(struct udp *));

/* Let the engine serve it; false if no thread can do that. */
bool udp_forwarder_start(struct udp_forwarder *);

/* True if it has carried something, or is about to: the answers come that way, too. The socket is locked. */
bool udp_forwarder_carries(const struct udp_forwarder *);

/* The socket needs it no more: it ends when it has sent what was written. The socket is locked. */
void udp_forwarder_release(struct udp_forwarder *);

/* Wait until all that were released have ended, or it is `until`. */
void udp_forwarders_await(int64_t until);

/* In a child after fork: the parent's engine serves it as long as the parent lives. */
void udp_forwarder_forked(struct udp_forwarder *);

#endif
