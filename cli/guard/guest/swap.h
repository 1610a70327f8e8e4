/* SPDX-License-Identifier: MIT */
/* swap: another socket in the place of one of the command's. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_SWAP_H
#define CLI_GUARD_GUEST_SWAP_H

#include "cli/guard/guest/socket.h"

/* Put our socket `fd` in the place of the command's, under every number that its process has for that, in the epoll sets that wait for it, and
 * for the threads that wait for it in a call. Returns the old one, whose place `fd` takes in `*s`, too; or -errno, with all as it was: -EOPNOTSUPP if
 * a debugger follows the process, and such a thread waits. */
int swap_sockets(const struct notice *, struct guest_socket *s, int fd);

#endif
