/* SPDX-License-Identifier: MIT */
/* first: the connection of a dial's descriptor itself: to the first hop, or to the target when direct. For dial.c alone. */
#ifndef CORE_DIAL_FIRST_H
#define CORE_DIAL_FIRST_H

#include "core/dial/dial.h"

/* Begin to tell the path's hops what the dial is for. Returns what tunnel_ask() does. */
int dial_ask(struct dial *);

/* Connect to `first`. Returns DIAL_WRITE, a negative err, or DIAL_SOCKET if another socket has a way there. */
int dial_connect(struct dial *, int fd);

/* After a connect that failed with `rc`, try the other addresses of `first`. Returns what the last of them says; `rc` if there are none. */
int dial_connect_others(struct dial *, int fd, int rc);

/* Translate an errno, because a proxy's failure must not look like a closed port at the destination. */
int dial_error(const struct dial *, int error);

#endif
