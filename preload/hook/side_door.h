/* side_door: local servers that ask DNS on a program's behalf, past every proxy. */
#ifndef HOOK_SIDE_DOOR_H
#define HOOK_SIDE_DOOR_H

#include "conf/addr.h"

/* Whether a unix socket is nscd's, systemd-resolved's or avahi's. */
bool side_door_is(const struct addr *);

#endif
