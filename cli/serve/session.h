/* SPDX-License-Identifier: MIT */
/* session: one client of the local proxy, from its first byte to its last. */
#ifndef CLI_SERVE_SESSION_H
#define CLI_SERVE_SESSION_H

#include "core/route/decide.h"

/* Serve the client at `fd`, a nonblocking stream socket, which the session closes. Begun and carried on by the engine. */
void session_start(const struct app *, int fd);

#endif
