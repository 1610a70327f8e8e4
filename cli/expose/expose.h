/* SPDX-License-Identifier: MIT */
/* expose: let the far side of the chain reach a port of this machine, by BIND, or as ssh -R does. */
#ifndef CLI_EXPOSE_EXPOSE_H
#define CLI_EXPOSE_EXPOSE_H

#include "conf/config.h"

/* Carry each connection that comes to the proxy to a port of 127.0.0.1, and print where the next may come, until a signal ends this
 * process. `ports` is PORT, or PROXY-PORT:PORT where the proxy lets us choose. Returns the exit status if that cannot be, after a message on stderr. */
int expose(const struct config *, const char *ports);

#endif
