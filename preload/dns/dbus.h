/* SPDX-License-Identifier: MIT */
/* dbus: connections to the system's message bus, on which a program must not call some services. Any thread; a forked child follows its
 * own copy of the connection from the fork on. */
#ifndef DNS_DBUS_H
#define DNS_DBUS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Connect `fd` to the bus, and follow what the program says there. Returns 0 or a negative err. */
int dbus_connect(int fd, const struct sockaddr *to, socklen_t len);

/* True if `fd` is such a connection, or a duplicate of one. Costs any other descriptor two loads and a test. */
bool dbus_is(int fd);

/* Do what sendmsg(2) does, but if the destination, interface or path of a call begins with one of `names` (8 at most, then NULL), replace
 * its last letter by `_`: the bus then answers as if the service did not exist, while an error would end a connection that the program
 * needs. Returns the bytes sent, which may be fewer, or a negative err. */
ssize_t dbus_send(int fd, const struct msghdr *, int flags, const char *const names[]);

#endif
