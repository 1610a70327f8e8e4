/* SPDX-License-Identifier: MIT */
/* device: the network device that a program has chosen for a socket (SO_BINDTODEVICE, IP_UNICAST_IF; socket(7), ip(7)). The kernel sends there what is
 * for 127.0.0.1, too. */
#ifndef CORE_ROUTE_DEVICE_H
#define CORE_ROUTE_DEVICE_H

#include <stdbool.h>

/* True if it leads elsewhere than to loopback. Any thread; changes errno. */
bool device_leads_away(int fd);

#endif
