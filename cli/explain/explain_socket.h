/* SPDX-License-Identifier: MIT */
/* explain_socket: tell what listens at a unix socket, and what the key `daemons` makes of that. */
#ifndef CLI_EXPLAIN_EXPLAIN_SOCKET_H
#define CLI_EXPLAIN_EXPLAIN_SOCKET_H

#include "conf/config.h"

/* Explain a path on stdout: connect, and say nothing. Returns the exit status. */
int explain_socket(const struct config *, const char *path, bool as_json);

#endif
