/* SPDX-License-Identifier: MIT */
/* udp_query: a datagram for udp_server: a query, behind the header that a SOCKS5 relay is sent (RFC 1928, 7). */
#ifndef DNS_UDP_QUERY_H
#define DNS_UDP_QUERY_H

#include "core/route/decide.h"

/* Receive one from `fd`, nonblocking, and let the DNS service reply, behind the same header and perhaps later. A datagram that another user sent, or
 * that is no query, is dropped. Returns 0; -EAGAIN if there was none; another -errno. On the engine only; `fd` stays open until the reply. */
int udp_query_take(int fd, const struct app *);

#endif
