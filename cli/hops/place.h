/* SPDX-License-Identifier: MIT */
/* place: the directory with the sockets of this launcher's hops. Nobody else can look inside. */
#ifndef CLI_HOPS_PLACE_H
#define CLI_HOPS_PLACE_H

#include <stdbool.h>

/* Make it, and remove those of launchers that were killed. Returns its path; NULL after a message. */
const char *place_make(void);

/* Remove it with all that is in it. */
void place_remove(void);

/* For a forked child: it is not the one that owns it. */
void place_leave(void);

#endif
