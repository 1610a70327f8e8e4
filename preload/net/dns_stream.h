/* dns_stream: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#ifndef NET_DNS_STREAM_H
#define NET_DNS_STREAM_H

#include <sys/socket.h>

#include "conf/config.h"

/* Connect `fd`, a TCP socket that may connect, to a server of ours, whichever the application means by `to`. As connect(2): 0, -EINPROGRESS or
 * another -errno. */
int dns_stream(int fd, const struct config *, const struct sockaddr *to, socklen_t len);

#endif
