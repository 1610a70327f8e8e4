/* SPDX-License-Identifier: MIT */
/* take: the socket that a call of the command's is about: itself, or what can be seen of it from outside. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_TAKE_H
#define CLI_GUARD_GUEST_TAKE_H

#include "cli/guard/guest/socket.h"

/* Look at what is behind a number of the command's. Returns 0, and a socket to drop; or as socket_take() and stand_in_look() fail. Its `fd` is -1
 * where we may only look. */
int take_socket(struct guest_socket *, const struct notice *, int number);

/* Have the socket itself: where we may only look, another of ours takes its place. Returns 0, or as stand_in_place() fails. */
int take_whole(struct guest_socket *, const struct notice *, int number);

#endif
