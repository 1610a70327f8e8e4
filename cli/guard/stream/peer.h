/* SPDX-License-Identifier: MIT */
/* peer: tell the command about its sockets what the kernel would tell without us. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_PEER_H
#define CLI_GUARD_STREAM_PEER_H

#include "cli/guard/guest/notice.h"

/* Serve getpeername(2): the destination, not the proxy. */
long peer_serve(const struct notice *);

/* Serve getsockopt(2) of SO_ERROR: how a connect ended that the command no longer waited for. */
long peer_serve_error(const struct notice *);

#endif
