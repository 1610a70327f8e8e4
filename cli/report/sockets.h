/* SPDX-License-Identifier: MIT */
/* sockets: what the kernel tells of the TCP sockets of this network namespace (sock_diag(7)), by cookie. */
#ifndef CLI_REPORT_SOCKETS_H
#define CLI_REPORT_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/journal/carried.h"

/* One socket: its state (TCP_ESTABLISHED...), and the bytes that it has carried, those of handshakes included. */
struct socket_state {
	uint64_t cookie; /* SO_COOKIE */
	int state;
	struct carried carried;
};

/* Returns a netlink socket on which the kernel tells of each TCP socket of the namespace when it is destroyed, whoever had it, -1 if it does not. */
int sockets_watch(void);

/* Take what has come there, or the next part of a list: call each(socket, arg) for all in it. Returns false if there is no more for now. */
bool sockets_take(int fd, void each(const struct socket_state *, void *arg), void *arg);

struct sockets;

/* Ask the kernel. Returns NULL if it does not answer. */
struct sockets *sockets_read(void);
void sockets_free(struct sockets *);

/* Returns the socket with that cookie; NULL if it is closed, or in another namespace. */
const struct socket_state *sockets_find(const struct sockets *, uint64_t cookie);

#endif
