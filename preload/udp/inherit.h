/* SPDX-License-Identifier: MIT */
/* inherit: connected datagram sockets that the next program of this process inherits, in words: a variable of its environment. */
#ifndef UDP_INHERIT_H
#define UDP_INHERIT_H

#include <stdbool.h>

#include "core/base/text.h"
#include "udp/udp.h"

#define UDP_INHERIT_VARIABLE "_SOCKSIFY_SOCKETS"

/* One of them. */
struct udp_inherited {
	int fd;
	uint64_t cookie;
	pid_t server;         /* forwarded by that process; 0: faces nobody */
	struct endpoint peer; /* as the application calls it */
};

/* Append the variable with its value, if there are such sockets; does nothing in a vfork child. */
void udp_hand_over(struct text *);

/* Read one at *at, and go on to the next. False at the end. */
bool udp_handed_over(const char **at, struct udp_inherited *);

/* Take over a socket that faces nobody, with the peer that it had. */
int udp_adopt(struct udp *, const struct udp_inherited *, const struct addr *where, const struct route *);

#endif
