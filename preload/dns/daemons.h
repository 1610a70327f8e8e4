/* daemons: local servers that ask DNS on a program's behalf, past every proxy. */
#ifndef DNS_DAEMONS_H
#define DNS_DAEMONS_H

#include <stdbool.h>
#include <sys/socket.h>

/* What listens on a unix socket: DAEMON_RESOLVER is nscd, systemd-resolved or avahi; DAEMON_BUS the system bus, over which they can be asked. */
enum dns_daemon { DAEMON_NONE, DAEMON_RESOLVER, DAEMON_BUS };

enum dns_daemon daemon_of(const struct sockaddr *to, socklen_t len);

/* What names of the bus, its interfaces and paths begin with that belong to them; then NULL. */
extern const char *const daemon_names[];

/* Hold them open for this thread, or not: for libc's modules, while it looks up what a rule calls direct. What it was before. */
bool daemons_allow(bool open);
bool daemons_allowed(void);

#endif
