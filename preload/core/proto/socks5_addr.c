/* SPDX-License-Identifier: MIT */
/* socks5_addr: append and read such an address. */
#include "core/proto/socks5_addr.h"

#include <netinet/in.h>
#include <string.h>

void socks5_addr_put(struct buf *out, const struct addr *a)
{
	if (a->kind == ADDR_NAME) {
		buf_u8(out, ATYP_NAME);
		buf_str8(out, a->name);
	} else if (a->kind == ADDR_IPV6) {
		buf_u8(out, ATYP_IPV6);
		buf_put(out, a->ip, 16);
	} else {
		buf_u8(out, ATYP_IPV4);
		buf_put(out, a->ip, 4);
	}
	buf_u16(out, a->port);
}

/* Returns how long type, address and port are together, or -1 if there is no such type. Reads two bytes. */
static int length(const uint8_t *at)
{
	switch (at[0]) {
	case ATYP_IPV4:
		return 1 + 4 + 2;
	case ATYP_IPV6:
		return 1 + 16 + 2;
	case ATYP_NAME:
		return 1 + 1 + at[1] + 2;
	default:
		return -1;
	}
}

static bool read_name(struct addr *a, const uint8_t *name, size_t n)
{
	a->kind = ADDR_NAME;
	memcpy(a->name, name, n);
	a->name[n] = '\0';
	return n > 0 && strlen(a->name) == n;
}

static void read_ipv6(struct addr *a, const uint8_t *ip)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	memcpy(&in6.sin6_addr, ip, 16);
	addr_from_sockaddr(a, (const struct sockaddr *)&in6, sizeof(in6));
}

int socks5_addr_get(struct addr *a, const uint8_t *at, size_t n)
{
	if (n < 2)
		return 0;
	const int len = length(at);
	if (len < 0 || n < (size_t)len)
		return len < 0 ? -1 : 0;
	a->scope = 0;
	if (at[0] == ATYP_NAME && !read_name(a, at + 2, at[1]))
		return -1;
	if (at[0] == ATYP_IPV6)
		read_ipv6(a, at + 1);
	if (at[0] == ATYP_IPV4) {
		a->kind = ADDR_IPV4;
		memcpy(a->ip, at + 1, 4);
	}
	a->port = (uint16_t)(at[len - 2] << 8 | at[len - 1]);
	return len;
}
