/* SPDX-License-Identifier: MIT */
/* dbus_address: where a message bus listens (D-Bus specification, "Server Addresses"). */
#ifndef CORE_PROTO_DBUS_ADDRESS_H
#define CORE_PROTO_DBUS_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True if one of `addresses` ("unix:path=/a%20b;unix:abstract=c,guid=...") is the unix socket `to`. */
bool dbus_address_is(const char *addresses, const struct sockaddr *to, socklen_t len);

#endif
