/* SPDX-License-Identifier: MIT */
/* bind: what the replies to a dial with COMMAND_BIND mean (RFC 1928, 6). */
#ifndef CORE_DIAL_BIND_H
#define CORE_DIAL_BIND_H

#include "core/dial/dial.h"

/* Once a dial with COMMAND_BIND is done, over the socket `fd`: say where the proxy listens, or who has come. A proxy that leaves its address
 * open is taken at its own. Returns 0, or ERR_PROXY_ADDRESS if it tells none. */
int dial_bound(const struct dial *, int fd, struct addr *at);

/* Returns what the failure of such a dial means: a proxy that hangs up on the request without a word does not know it. */
int dial_bind_failure(const struct dial *, int rc);

#endif
