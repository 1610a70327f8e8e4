/* SPDX-License-Identifier: MIT */
/* udp_server: a SOCKS5 UDP relay inside this process that answers DNS queries, whichever server they are addressed to. */
#ifndef DNS_UDP_SERVER_H
#define DNS_UDP_SERVER_H

#include "core/route/decide.h"

/* Answer as this program's configuration says. Call it before the first dns_udp_server(); the app must live for ever. */
void dns_udp_server_use(const struct app *);

/* Find where a socket of `family` (AF_INET, AF_INET6) must send a query, behind a header as in RFC 1928, 7, for the server that the
 * program means; the answer has the same header. Call it before each datagram: the server listens only for a moment, and a forked child
 * has another. Returns 0 or -errno. Any thread. */
int dns_udp_server(int family, struct addr *at);

#endif
