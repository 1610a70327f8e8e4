/* SPDX-License-Identifier: MIT */
/* listen: what other hooks ask about sockets that listen at a proxy. */
#ifndef HOOK_LISTEN_H
#define HOOK_LISTEN_H

#include "core/base/endpoint.h"
#include "fd/table.h"

/* Returns the entry of a socket that listens at a proxy, or is bound there; else NULL. Costs a load where `listen` is `local`. */
struct fd_entry *listening_entry(int fd);

/* Find what getsockname tells of a socket whose address is at a proxy: it listens there, or is bound and would, which this asks the proxy
 * for; or it is connected, and the proxy has told its address. */
bool listening_name(int fd, struct endpoint *);

/* Go on with the sockets that listened at a proxy by this process before it executed this program (listen/succession.h). */
void listen_inherited(const char *list);

#endif
