/* SPDX-License-Identifier: MIT */
/* host_pattern: read one, and compare it with a host. */
#include "conf/host_pattern.h"

#include <string.h>

#include "core/base/ascii.h"

enum { HEAD = offsetof(struct host_key, bytes), EVERY = ADDR_NONE };

static unsigned most_bits(const struct addr *a)
{
	return a->kind == ADDR_IPV4 ? 32 : 128;
}

unsigned host_key_of_address(struct host_key *key, const struct addr *a, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	key->kind = a->kind;
	key->bits = (uint8_t)bits;
	memcpy(key->bytes, a->ip, whole);
	if (rest)
		key->bytes[whole] = (uint8_t)(a->ip[whole] & 0xff00 >> rest);
	return HEAD + whole + (rest != 0);
}

unsigned host_key_of_name(struct host_key *key, const char *name, bool below)
{
	const size_t n = addr_name_length(name);

	key->kind = ADDR_NAME;
	key->bits = below;
	for (size_t i = 0; i < n; i++)
		key->bytes[i] = (uint8_t)ascii_lower(name[i]);
	return (unsigned)(HEAD + n);
}

static bool parse_number(unsigned *value, const char *at, size_t n)
{
	*value = 0;
	if (n < 1 || n > 3 || (n > 1 && at[0] == '0'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(at[i]))
			return false;
		*value = *value * 10 + (unsigned)(at[i] - '0');
	}
	return true;
}

/* Read a netmask: ones, then zeros. */
static bool parse_mask(unsigned *bits, const char *at, size_t n)
{
	struct addr mask;

	if (!addr_parse_host(&mask, at, n) || mask.kind != ADDR_IPV4)
		return false;
	const uint32_t zeros = ~((uint32_t)mask.ip[0] << 24 | (uint32_t)mask.ip[1] << 16 | (uint32_t)mask.ip[2] << 8 | mask.ip[3]);
	*bits = 32 - (unsigned)__builtin_popcount(zeros);
	return (zeros & (zeros + 1)) == 0;
}

/* Read what follows the slash: how many bits count. A v4-mapped IPv6 range became the IPv4 one, and so does its number of bits. */
static bool parse_bits(unsigned *bits, const struct addr *a, bool ipv6, const char *at, size_t n)
{
	const unsigned most = ipv6 ? 128 : 32, mapped = ipv6 && a->kind == ADDR_IPV4 ? 96 : 0;

	if (a->kind == ADDR_NAME)
		return false;
	if (!ipv6 && memchr(at, '.', n))
		return parse_mask(bits, at, n);
	if (!parse_number(bits, at, n) || *bits > most || *bits < mapped)
		return false;
	*bits -= mapped;
	return true;
}

unsigned host_key_parse(struct host_key *key, const char *at, size_t n)
{
	const bool below = n > 2 && at[0] == '*' && at[1] == '.';
	const char *const slash = memchr(at, '/', n);
	const size_t host = slash ? (size_t)(slash - at) : n;
	unsigned bits;
	struct addr a;

	if (n == 1 && at[0] == '*') {
		*key = (struct host_key){.kind = EVERY};
		return HEAD;
	}
	if (below)
		return addr_parse_host(&a, at + 2, n - 2) && a.kind == ADDR_NAME ? host_key_of_name(key, a.name, true) : 0;
	if (!addr_parse_host(&a, at, host))
		return 0;
	bits = most_bits(&a);
	if (slash && !parse_bits(&bits, &a, memchr(at, ':', host) != NULL, slash + 1, n - host - 1))
		return 0;
	return a.kind == ADDR_NAME ? host_key_of_name(key, a.name, false) : host_key_of_address(key, &a, bits);
}

struct host_pattern *host_pattern_parse(struct arena *arena, const char *at, size_t n, bool *valid)
{
	struct host_key key;
	const unsigned bytes = host_key_parse(&key, at, n);
	struct host_pattern *p;

	*valid = bytes;
	if (!bytes || !(p = arena_take(arena, offsetof(struct host_pattern, key) + bytes)))
		return NULL;
	p->n = bytes;
	memcpy(&p->key, &key, bytes);
	p->text = arena_copy(arena, at, n);
	return p->text ? p : NULL;
}

static bool matches_name(const struct host_pattern *p, const char *name)
{
	const size_t n = addr_name_length(name), tail = p->n - HEAD;

	if (n < tail || !ascii_same(name + n - tail, (const char *)p->key.bytes, tail))
		return false;
	return n == tail || (p->key.bits && name[n - tail - 1] == '.');
}

bool host_pattern_matches(const struct host_pattern *p, const struct addr *a)
{
	struct host_key key;

	if (p->key.kind == EVERY)
		return true;
	if (p->key.kind != a->kind)
		return false;
	if (a->kind == ADDR_NAME)
		return matches_name(p, a->name);
	return host_key_of_address(&key, a, p->key.bits) == p->n && memcmp(&key, &p->key, p->n) == 0;
}

bool host_pattern_is_range(const struct host_pattern *p)
{
	return (p->key.kind == ADDR_IPV4 && p->key.bits < 32) || (p->key.kind == ADDR_IPV6 && p->key.bits < 128);
}
