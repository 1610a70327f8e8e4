/* SPDX-License-Identifier: MIT */
/* reflect: the command's datagram sockets go into the mirror, and what goes directly still goes and comes by those that they have replaced. For the
 * engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_REFLECT_H
#define CLI_GUARD_DATAGRAM_REFLECT_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"

/* Put a datagram socket that is in the mirror in the place of the command's, with its options and its address, and no peer; one that is bound to no
 * address is bound to `from`, unless that is none. `everywhere`: soon after also in other processes that have it. Returns 0 with that socket in `*s`, or
 * -errno with the old one: -EPERM if there is no mirror, -EOPNOTSUPP as swap_sockets(). */
int reflect(const struct notice *, struct guest_socket *s, const struct endpoint *from, bool everywhere);

/* Returns the socket that this one in the mirror has replaced, or another like it; or -errno. It stays ours. */
int reflect_original(const struct guest_socket *);

/* Undo it: the command has the original again, which is then in `*s`. Returns 0 or -errno. */
int reflect_undo(const struct notice *, struct guest_socket *s);

#endif
