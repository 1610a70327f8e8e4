/* SPDX-License-Identifier: MIT */
/* entrance: a socket in the mirror that listens for the command: there every peer comes from its own address to the proxy's. For the engine's
 * thread. */
#ifndef CLI_GUARD_LISTEN_ENTRANCE_H
#define CLI_GUARD_LISTEN_ENTRANCE_H

#include "cli/guard/guest/socket.h"
#include "core/base/endpoint.h"

/* Returns a socket there with the options of the command's, bound to the port of `name` at every address, or to another port if another entrance has
 * that; or -errno: -EPERM if there is no mirror. */
int entrance_make(const struct guest_socket *, const struct endpoint *name);

/* True if there can be one. */
bool entrance_is_possible(void);

/* Connect from `peer` to `to`, an address with the port of an entrance. Returns a nonblocking socket, which may still be connecting as long as nobody
 * accepts, or -errno: -ECONNREFUSED if the entrance is closed. */
int entrance_connect(const struct endpoint *peer, const struct endpoint *to);

/* True while such a socket is connecting. */
bool entrance_is_full(int fd);

/* True if nothing listens at `at` in the mirror, any more. */
bool entrance_is_left(const struct endpoint *at);

/* Remember to which of the proxy's addresses a peer has come; and tell, if that is not long ago. */
void entrance_keep(const struct endpoint *peer, const struct endpoint *name);
bool entrance_name(const struct endpoint *peer, struct endpoint *name);

#endif
