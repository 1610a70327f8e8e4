/* SPDX-License-Identifier: MIT */
/* probe: ask the kernel about the way to a proxy, by a socket that it connects and that sends nothing. A proxy's name is not looked up for
 * this: then it is the way out. */
#ifndef UDP_PROBE_H
#define UDP_PROBE_H

#include "core/base/endpoint.h"
#include "core/route/decide.h"

/* Find the address that a socket of `family` has on that way; false if there is none. */
bool udp_probe_own(int family, const struct route *, struct endpoint *own);

/* Returns the way's MTU, or -errno. */
int udp_probe_mtu(int family, const struct route *);

#endif
