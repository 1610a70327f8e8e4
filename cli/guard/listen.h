/* SPDX-License-Identifier: MIT */
/* listen: let a socket listen on this machine or at a proxy, or join a multicast group, or refuse. For the engine's thread. */
#ifndef CLI_GUARD_LISTEN_H
#define CLI_GUARD_LISTEN_H

#include "cli/guard/guest/notice.h"

/* Serve a listen(2), as notice.h says. */
long listen_serve(const struct notice *);

/* Serve setsockopt(2) of an option of which the kernel tells the local network: as if no device led to a group that is not direct. */
long listen_serve_group(const struct notice *);

#endif
