/* SPDX-License-Identifier: MIT */
/* filter: where the kernel does not know a connected socket's peer it lets in whatever comes; so tell it, as a filter, whom to hear. */
#ifndef UDP_FILTER_H
#define UDP_FILTER_H

#include "udp/socket.h"

/* Hear only the addresses of relays that stand, and of a connected socket its peer alone; nobody if there are none. Does nothing if the program has a filter of its own. The socket is
 * locked. */
void udp_filter(struct udp *, int fd);

/* Hear everybody. The socket is locked. */
void udp_filter_no_more(struct udp *, int fd);

#endif
