/* SPDX-License-Identifier: MIT */
/* mirror: a network of our own in which every address is this machine, and from which nothing leaves: a program there sends to whatever server it
 * means, and hears from that very address. For the engine's thread. */
#ifndef CLI_GUARD_MIRROR_H
#define CLI_GUARD_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

/* Returns a close-on-exec socket there, or -errno: the kernel may forbid us networks of our own. */
int mirror_socket(int family, int type);

/* True if that network has this SO_NETNS_COOKIE. */
bool mirror_is(uint64_t network);

#endif
