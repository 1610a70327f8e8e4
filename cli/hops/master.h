/* SPDX-License-Identifier: MIT */
/* master: an OpenSSH process that is logged in and takes orders over a control socket (ssh_config(5), ControlMaster). */
#ifndef CLI_HOPS_MASTER_H
#define CLI_HOPS_MASTER_H

#include <stdbool.h>

#include "core/base/addr.h"

/* Connect to the master's control socket. Returns a nonblocking socket; -EAGAIN if too many wait there already; another -errno. */
int master_connect(const char *control);

/* Greet it, and wish for a channel to `target`, which is to read from `in` and to write to `out`. The answer comes by `fd`. Returns false
 * if the master is gone. */
bool master_forward(int fd, const struct addr *target, int in, int out);

/* Join the master: as long as the returned socket is open, one that we have started stays. Waits for its answer; -errno if there is none. */
int master_join(const char *control);

/* Have the server of a master that was joined listen at `*port` of its addresses (0: one of its choice, which is told), and the master connect whoever
 * comes to `to`. Waits for the answer. Returns false if the server does not. Ends with the login, or by master_listen_no_more(), which is told the port
 * that was wished for. */
bool master_listen(int fd, uint16_t *port, const struct addr *to);
void master_listen_no_more(int fd, uint16_t port, const struct addr *to);

/* End a master that was joined, and wait until it is gone. */
void master_end(int fd);

#endif
