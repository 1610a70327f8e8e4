/* SPDX-License-Identifier: MIT */
/* stand_in: where a filter above us forbids to take a descriptor out of the command (pidfd_getfd(2)), as those of most containers do, a socket of ours
 * under the number of the command's: of the same kind and with the same flags, but without the options that the command has set, nor in the epoll
 * sets that wait for it. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_STAND_IN_H
#define CLI_GUARD_GUEST_STAND_IN_H

#include "cli/guard/guest/socket.h"

/* True if that is forbidden, whatever the process. */
bool stand_in_needed(void);

/* Look at what is behind a number of the command's from outside: `fd` is -1, but for a socket that is kept; the cookie is 0 if it is none of ours.
 * Returns 0, -EBADF, -ENOTSOCK, or -ESRCH. */
int stand_in_look(struct guest_socket *, const struct notice *, int number);

/* Put a fresh socket there, and its like into `*s`. Returns 0; -EISCONN if one that stood there already is connected; -ENETUNREACH if the command is
 * in another network; or another -errno. */
int stand_in_place(struct guest_socket *s, const struct notice *, int number);

/* Know one that was put there by notice_place(). */
void stand_in_know(int fd);

/* Until it is let go, have this one when we look again. The caller keeps its descriptor open. */
void stand_in_keep(const struct guest_socket *);
void stand_in_let_go(const struct guest_socket *);

#endif
