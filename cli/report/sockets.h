/* SPDX-License-Identifier: MIT */
/* sockets: what the kernel tells of the TCP sockets of this network namespace (sock_diag(7)), by cookie. */
#ifndef CLI_REPORT_SOCKETS_H
#define CLI_REPORT_SOCKETS_H

#include <stdint.h>

/* One socket: its state (TCP_ESTABLISHED...), and the bytes that it has carried, those of handshakes included. */
struct socket_state {
	uint64_t cookie; /* SO_COOKIE */
	int state;
	uint64_t sent, received;
};

struct sockets;

/* Ask the kernel. Returns NULL if it does not answer. */
struct sockets *sockets_read(void);
void sockets_free(struct sockets *);

/* Returns the socket with that cookie; NULL if it is closed, or in another namespace. */
const struct socket_state *sockets_find(const struct sockets *, uint64_t cookie);

#endif
