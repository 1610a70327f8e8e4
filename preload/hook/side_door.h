/* side_door: local servers that ask DNS on a program's behalf, past every proxy. */
#ifndef HOOK_SIDE_DOOR_H
#define HOOK_SIDE_DOOR_H

#include <stdbool.h>
#include <sys/socket.h>

/* What listens on a unix socket: SIDE_DOOR is nscd, systemd-resolved or avahi; SIDE_BUS the system bus, over which they can be asked. */
enum side { SIDE_NONE, SIDE_DOOR, SIDE_BUS };

enum side side_of(const struct sockaddr *to, socklen_t len);

/* What names of the bus, its interfaces and paths begin with that belong to them; then NULL. */
extern const char *const side_names[];

/* Hold them open for this thread, or not: for libc's modules, while it looks up what a rule calls direct. What it was before. */
bool side_door_hold(bool open);
bool side_door_is_open(void);

#endif
