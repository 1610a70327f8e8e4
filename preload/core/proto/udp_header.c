/* SPDX-License-Identifier: MIT */
/* udp_header: append and read such a header. */
#include "core/proto/udp_header.h"

enum { FIXED = 3 }; /* two reserved octets, and the number of the fragment */

void udp_header_put(struct buf *out, const struct addr *to)
{
	buf_put(out, (const uint8_t[FIXED]){0}, FIXED);
	socks5_addr_put(out, to);
}

int udp_header_get(struct addr *from, const uint8_t *at, size_t n)
{
	/* "An implementation that does not support fragmentation MUST drop any datagram whose FRAG field is other than X'00'." The
	 * reserved octets are ignored: relays differ. */
	if (n < FIXED || at[2] != 0)
		return -1;
	const int len = socks5_addr_get(from, at + FIXED, n - FIXED);
	return len > 0 ? FIXED + len : -1;
}

void udp_header_set_scope(uint8_t *at, uint32_t scope)
{
	at[0] = (uint8_t)(scope >> 8);
	at[1] = (uint8_t)scope;
}

uint32_t udp_header_scope(const uint8_t *at)
{
	return (uint32_t)(at[0] << 8 | at[1]);
}
