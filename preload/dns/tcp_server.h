/* SPDX-License-Identifier: MIT */
/* tcp_server: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#ifndef DNS_TCP_SERVER_H
#define DNS_TCP_SERVER_H

#include <sys/socket.h>

#include "core/route/decide.h"

/* Connect `fd`, an unconnected TCP socket, to a server of ours, and let it look connected to `to`. Returns what connect(2) does: 0,
 * -EINPROGRESS or another -errno. Waits only for loopback. The app must live for ever. Any thread; a forked child's copy of `fd` is answered
 * while its parent lives. */
int dns_tcp_server(int fd, const struct app *, const struct sockaddr *to, socklen_t len);

/* The same where the server at `to` goes directly: connect to that, and only if it accepts take its place; it is asked about names that go
 * directly, too. Waits as connect(2) does. */
int dns_tcp_server_before(int fd, const struct app *, const struct addr *server, const struct sockaddr *to, socklen_t len);

#endif
