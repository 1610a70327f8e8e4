/* SPDX-License-Identifier: MIT */
/* socket_owner: find out who sends from a port of the loopback address. Any thread, forked children; no memory but the stack's. */
#ifndef DNS_SOCKET_OWNER_H
#define DNS_SOCKET_OWNER_H

#include <stdbool.h>
#include <stdint.h>

/* True if a UDP socket of this user, or of root, has that port. Always false without /proc. */
bool socket_owner_is_us(uint16_t port);

#endif
