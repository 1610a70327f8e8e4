/* tcp_server: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#ifndef DNS_TCP_SERVER_H
#define DNS_TCP_SERVER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "core/route/decide.h"

/* Connect `fd`, a TCP socket that may connect, to a server of ours, whichever the application means by `to`; `direct`: which goes directly, and
 * is then asked about names that do, too. As connect(2): 0, -EINPROGRESS or another -errno. the app must outlive the process. */
int dns_tcp_server(int fd, const struct app *, const struct sockaddr *to, socklen_t len, bool direct);

#endif
