/* SPDX-License-Identifier: MIT */
/* forward: one connection of a program's over ssh: hear its SOCKS5 request, have the master open a channel, answer, and carry. */
#ifndef CLI_HOPS_FORWARD_H
#define CLI_HOPS_FORWARD_H

#include "cli/hops/ssh.h"

/* Serve the client at `fd`, a nonblocking stream socket, by the master of this login, which stays. On the engine. */
void forward_start(struct ssh *, int fd);

#endif
