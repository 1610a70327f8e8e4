/* SPDX-License-Identifier: MIT */
/* mirror: a network of our own in which every address is this machine, and from which nothing leaves: a program there sends to whatever server it
 * means, and hears from that very address. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_MIRROR_H
#define CLI_GUARD_GUEST_MIRROR_H

#include "cli/guard/guest/socket.h"

/* Returns a close-on-exec socket there, or -errno: the kernel may forbid us networks of our own. */
int mirror_socket(int family, int type);

/* True if the socket is there. */
bool mirror_has(const struct guest_socket *);

#endif
