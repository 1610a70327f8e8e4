/* SPDX-License-Identifier: MIT */
/* udp_header: the header in front of a datagram on its way through a SOCKS5 relay (RFC 1928, 7). */
#ifndef CORE_PROTO_UDP_HEADER_H
#define CORE_PROTO_UDP_HEADER_H

#include "core/base/addr.h"
#include "core/base/buf.h"
#include "core/proto/socks5_addr.h"

/* The length of the longest, and of one with an IPv4 address. */
enum { UDP_HEADER_MAX = 3 + SOCKS5_ADDR, UDP_HEADER_IPV4 = 3 + 1 + 4 + 2 };

/* Append a header that asks the relay to send what follows to `to`: ADDR_IPV4, ADDR_IPV6 or ADDR_NAME. */
void udp_header_put(struct buf *, const struct addr *to);

/* Read the header at the start of a datagram of `n` bytes, which tells who sent the rest. Returns its length, or -1 if the datagram must be
 * dropped: cut off, garbled, or a fragment. */
int udp_header_get(struct addr *from, const uint8_t *at, size_t n);

/* Between sockets of our own the two octets that RFC 1928 reserves hold the interface of a link-local address. */
void udp_header_set_scope(uint8_t *at, uint32_t scope);
uint32_t udp_header_scope(const uint8_t *at);

#endif
