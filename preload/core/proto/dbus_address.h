/* SPDX-License-Identifier: MIT */
/* dbus_address: where a message bus listens (D-Bus specification, "Server Addresses"). */
#ifndef CORE_PROTO_DBUS_ADDRESS_H
#define CORE_PROTO_DBUS_ADDRESS_H

#include <sys/socket.h>
#include <sys/un.h>

/* Read the next unix socket of `*addresses` ("unix:path=/a%20b;unix:abstract=c,guid=..."), and advance to what follows it. Returns its
 * length as connect(2) is told: a path with the NUL behind it, an abstract name with the one before it; 0 if there is no more. */
socklen_t dbus_address_next(const char **addresses, struct sockaddr_un *);

#endif
