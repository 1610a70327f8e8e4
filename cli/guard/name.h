/* SPDX-License-Identifier: MIT */
/* name: the command's own addresses where its sockets may listen at a proxy: there they are the proxy's. For the engine's thread. */
#ifndef CLI_GUARD_NAME_H
#define CLI_GUARD_NAME_H

#include "cli/guard/guest/notice.h"

/* Serve getsockname(2), as notice.h says: of a socket that listens at a proxy, or would, and of a connection whose proxy has named its address. */
long name_serve(const struct notice *);

/* Serve bind(2): to an address that a proxy has named means to any. */
long name_serve_bind(const struct notice *);

#endif
