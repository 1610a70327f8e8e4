/* side_door: local servers that ask DNS on a program's behalf, past every proxy. */
#ifndef HOOK_SIDE_DOOR_H
#define HOOK_SIDE_DOOR_H

#include "conf/addr.h"

/* Whether a unix socket is nscd's, systemd-resolved's or avahi's. */
bool side_door_is(const struct addr *);

/* Hold them open for this thread, or not: for libc's modules, while it looks up what a rule calls direct. What it was before. */
bool side_door_hold(bool open);
bool side_door_is_open(void);

#endif
