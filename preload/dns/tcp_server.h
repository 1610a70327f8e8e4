/* SPDX-License-Identifier: MIT */
/* tcp_server: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#ifndef DNS_TCP_SERVER_H
#define DNS_TCP_SERVER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "core/route/decide.h"

/* Connect `fd`, a TCP socket that is not connected, to a server of ours, and let it look connected to `to`. `direct`: the server at `to` goes
 * directly, and is asked about names that do, too. Returns what connect(2) does: 0, -EINPROGRESS or another -errno. It waits for loopback alone. The
 * app must outlive the process. Any thread; a forked child's copy of `fd` is answered as long as its parent lives. */
int dns_tcp_server(int fd, const struct app *, const struct sockaddr *to, socklen_t len, bool direct);

#endif
