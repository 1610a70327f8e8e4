/* SPDX-License-Identifier: MIT */
/* dns_reverse: turn digits and nibbles around. */
#include "core/proto/dns_reverse.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/base/text.h"

static bool read_ipv4(struct addr *a, const char *name, size_t n)
{
	int octet = 4;
	size_t i = 0;

	a->kind = ADDR_IPV4;
	while (octet-- > 0) {
		unsigned value = 0;
		const size_t first = i;
		for (; i < n && ascii_is_digit(name[i]) && i - first < 3; i++)
			value = value * 10 + (unsigned)(name[i] - '0');
		if (i == first || value > 255 || (octet ? i == n || name[i++] != '.' : i != n))
			return false;
		a->ip[octet] = (uint8_t)value;
	}
	return true;
}

static bool read_ipv6(struct addr *a, const char *name, size_t n)
{
	if (n != 63)
		return false;
	a->kind = ADDR_IPV6;
	for (size_t i = 0; i < 32; i++) {
		const int digit = ascii_hex(name[2 * i]);
		if (digit < 0 || (i < 31 && name[2 * i + 1] != '.'))
			return false;
		a->ip[15 - i / 2] |= (uint8_t)(i % 2 ? digit << 4 : digit);
	}
	return true;
}

bool dns_reverse_address(struct addr *a, const char *name)
{
	static const char ipv4[] = ".in-addr.arpa", ipv6[] = ".ip6.arpa";
	const size_t n = strlen(name), tail4 = sizeof(ipv4) - 1, tail6 = sizeof(ipv6) - 1;

	*a = (struct addr){0};
	if (n > tail4 && ascii_same(name + n - tail4, ipv4, tail4))
		return read_ipv4(a, name, n - tail4);
	return n > tail6 && ascii_same(name + n - tail6, ipv6, tail6) && read_ipv6(a, name, n - tail6);
}

void dns_reverse_name(const struct addr *a, char name[static ADDR_NAME_MAX + 1])
{
	struct text t = {.at = name, .size = ADDR_NAME_MAX + 1};

	if (a->kind == ADDR_IPV4) {
		text_add(&t, "%d.%d.%d.%d.in-addr.arpa", a->ip[3], a->ip[2], a->ip[1], a->ip[0]);
		return;
	}
	for (int i = 15; i >= 0; i--)
		text_add(&t, "%x.%x.", a->ip[i] & 15, a->ip[i] >> 4);
	text_add(&t, "ip6.arpa");
}
