/* SPDX-License-Identifier: MIT */
/* isolate: user names and passwords made by the key `isolate`, by which Tor and others like it tell whose streams must not share a circuit.
 * Any thread, forked children. */
#ifndef CORE_ROUTE_ISOLATE_H
#define CORE_ROUTE_ISOLATE_H

#include "conf/config.h"
#include "core/proto/handshake.h"

/* The variable that tells programs which run they belong to; the launcher chooses a new one for each command. */
#define ISOLATE_VARIABLE "SOCKSIFY_RUN"

enum { ISOLATE_RUN = 17 }; /* room for its value */

/* Make a value for it that nobody can guess. */
void isolate_new_run(char to[static ISOLATE_RUN]);

/* Make what a dial with such a request says to SOCKS5 proxies without credentials of their own. Returns false if it is to say nothing. */
bool isolate_login(struct login *, const struct config *, enum command, const struct addr *target);

#endif
