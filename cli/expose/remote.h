/* SPDX-License-Identifier: MIT */
/* remote: let an ssh server listen for a port of this machine, as ssh -R does (RFC 4254, 7.1): for as many as come, and all at once. */
#ifndef CLI_EXPOSE_REMOTE_H
#define CLI_EXPOSE_REMOTE_H

#include "conf/proxy.h"

/* Have the server of this ssh:// proxy, to which hops_start() has logged in, lead its `port` (0: one of its choice) to `to`, and print where that is,
 * until a signal ends this process, and with it that. Returns the exit status if it cannot be, or the login is lost, after a message on stderr. */
int remote_forward(const struct proxy *, uint16_t port, const struct addr *to);

#endif
