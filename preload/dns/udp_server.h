/* SPDX-License-Identifier: MIT */
/* udp_server: a SOCKS5 UDP relay inside this process that answers DNS queries, whichever server they are addressed to. */
#ifndef DNS_UDP_SERVER_H
#define DNS_UDP_SERVER_H

#include "core/route/decide.h"

/* Answer as is decided for this program. Before the first dns_udp_server(); the app must outlive the process. */
void dns_udp_server_use(const struct app *);

/* Where a socket of `family` (AF_INET, AF_INET6) has to send a query, behind a header as of RFC 1928, 7, whose destination is the server that the
 * program means; the answer comes behind the same header. To be called before each datagram: the server listens for a moment only, and a forked
 * child has another one. Returns 0 or -errno. Any thread. */
int dns_udp_server(int family, struct addr *relay);

#endif
