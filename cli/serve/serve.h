/* SPDX-License-Identifier: MIT */
/* serve: offer the chain, its rules and its names as a local proxy, for programs that can only be told of one. */
#ifndef CLI_SERVE_SERVE_H
#define CLI_SERVE_SERVE_H

#include "conf/config.h"

/* Serve SOCKS5 and HTTP CONNECT at `place`, [ADDRESS:]PORT, until a signal ends this process. Returns the exit status if it cannot, after a
 * message on stderr. */
int serve(const struct config *, const char *place);

#endif
