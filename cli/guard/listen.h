/* SPDX-License-Identifier: MIT */
/* listen: let a socket listen on this machine, or refuse; to listen at a proxy takes the library. */
#ifndef CLI_GUARD_LISTEN_H
#define CLI_GUARD_LISTEN_H

#include "cli/guard/notice.h"

/* Serve a listen(2), as notice.h says. */
long listen_serve(const struct notice *);

#endif
