/* SPDX-License-Identifier: MIT */
/* socks5_addr: an address on the wire of SOCKS5 (RFC 1928, 5): type, address, port. */
#ifndef CORE_PROTO_SOCKS5_ADDR_H
#define CORE_PROTO_SOCKS5_ADDR_H

#include "core/base/addr.h"
#include "core/base/buf.h"

enum { ATYP_IPV4 = 1, ATYP_NAME = 3, ATYP_IPV6 = 4 };

/* The most room that one needs. */
enum { SOCKS5_ADDR = 1 + 1 + 255 + 2 };

/* Append an ADDR_IPV4, ADDR_IPV6 or ADDR_NAME. */
void socks5_addr_put(struct buf *, const struct addr *);

/* Read one from the first of `n` bytes; v4-mapped IPv6 becomes ADDR_IPV4. Returns its length; 0 if more bytes must come; -1 if there is no such
 * type, or if a name is empty or contains a NUL. */
int socks5_addr_get(struct addr *, const uint8_t *at, size_t n);

#endif
