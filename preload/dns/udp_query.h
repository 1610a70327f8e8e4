/* SPDX-License-Identifier: MIT */
/* udp_query: one datagram to udp_server: a query, behind the header for a SOCKS5 relay (RFC 1928, 7). */
#ifndef DNS_UDP_QUERY_H
#define DNS_UDP_QUERY_H

#include "core/route/decide.h"

/* Receive one from `fd`, nonblocking, and let the DNS service reply behind the same header, perhaps later. Drops a datagram that another
 * user sent or that is no query. Returns 0, -EAGAIN if there was none, or another -errno. On the engine only; `fd` must stay open until
 * the reply. */
int udp_query_take(int fd, const struct app *);

#endif
