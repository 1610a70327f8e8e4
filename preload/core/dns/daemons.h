/* SPDX-License-Identifier: MIT */
/* daemons: local servers that ask DNS on a program's behalf, past every proxy. Any thread, forked children. */
#ifndef CORE_DNS_DAEMONS_H
#define CORE_DNS_DAEMONS_H

#include <stdbool.h>
#include <sys/socket.h>

/* DAEMON_RESOLVER: nscd, systemd-resolved or avahi. DAEMON_BUS: the system bus, over which a program can ask them. */
enum dns_daemon { DAEMON_NONE, DAEMON_RESOLVER, DAEMON_BUS };

/* Returns what listens at an address, by whatever path or link that leads there. Leaves errno alone. */
enum dns_daemon daemon_of(const struct sockaddr *to, socklen_t len);

/* The same for a path. */
enum dns_daemon daemon_at(const char *path);

/* The beginnings of their names, interfaces and object paths on the bus; then NULL. */
extern const char *const daemon_names[];

/* Let this thread reach them (true) or not (as at first): libc's modules need them to look up what a rule calls direct. Returns the
 * previous setting. */
bool daemons_allow(bool open);

/* Returns the setting. */
bool daemons_allowed(void);

#endif
