/* SPDX-License-Identifier: MIT */
/* helper: a proxy that speaks ssh or TLS is reached through the launcher, which logs in and listens on a unix socket: no such code enters a
 * stranger's process. */
#ifndef CORE_ROUTE_HELPER_H
#define CORE_ROUTE_HELPER_H

#include "conf/proxy.h"

/* The variable by which programs learn of the directory that the sockets are in. */
#define HELPER_VARIABLE "SOCKSIFY_HOPS"

/* Append the path of the proxy's socket in that directory. It depends on the URL alone, so that programs with other configurations find no
 * other proxy behind it. */
void helper_path(const struct proxy *, const char *directory, struct text *path);

/* Returns the address to connect to for this proxy: its own, or its helper's; ADDR_NONE if there is no launcher that could help. */
struct addr helper_address(const struct proxy *);

#endif
