/* SPDX-License-Identifier: MIT */
/* near: a socket of ours that is the peer of one of the command's UDP sockets, and hears only that. For the engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_NEAR_H
#define CLI_GUARD_DATAGRAM_NEAR_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"

/* Connect the command's socket, which means `to`, to one of ours on loopback, in `to`'s family, and mapped if that is. Returns that, nonblocking, or -errno; `own` is then the command's socket as ours sees
 * it. */
int near_connect(const struct guest_socket *, const struct endpoint *to, struct endpoint *own);

/* Be `to`, in the mirror, for a socket of the command's there that is bound to `bound`. Returns the same. */
int near_mirror(const struct endpoint *bound, const struct endpoint *to, struct endpoint *own);

/* Whoever one of our sockets in the mirror is at the moment. */
struct near_face {
	int fd; /* negative: nobody */
	struct endpoint to;
};

/* Be `to` as near_mirror() says, unless that is so already, for a socket that is bound to `own`. Returns our socket, which stays the face's, or
 * -errno. */
int near_be(struct near_face *, const struct endpoint *own, const struct endpoint *to);

/* True if the command has closed its socket. Nothing tells, but that its address is free. */
bool near_is_left(const struct endpoint *own, bool mirrored);

#endif
