/* SPDX-License-Identifier: MIT */
/* dbus: connections to the system's message bus, on which a program must not call some services. Any thread; a forked child follows its copy of
 * the connection from where the fork found it. */
#ifndef DNS_DBUS_H
#define DNS_DBUS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Connect `fd` to the bus and follow from now on what the program says there. Returns 0 or a negative err. */
int dbus_connect(int fd, const struct sockaddr *to, socklen_t len);

/* True if `fd` is such a connection, or a duplicate of one; two loads and a test for all others. */
bool dbus_is(int fd);

/* Do what sendmsg(2) does. Where the destination, the interface or the path of a call begins with one of `names` (8 at most, then NULL), put `_` in
 * place of the last letter of that: the bus answers as on a machine without the service, while an error would end a connection that the program
 * needs for other things. Returns the number of bytes sent, which may be fewer, or a negative err. */
ssize_t dbus_send(int fd, const struct msghdr *, int flags, const char *const names[]);

#endif
