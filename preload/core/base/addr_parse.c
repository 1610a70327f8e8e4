/* SPDX-License-Identifier: MIT */
/* addr: read hosts and ports as people write them. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/addr.h"
#include "core/base/ascii.h"

bool addr_parse_port(uint16_t *port, const char *at, size_t n)
{
	unsigned value = 0;

	if (n < 1 || n > 5 || at[0] == '0')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(at[i]))
			return false;
		value = value * 10 + (unsigned)(at[i] - '0');
	}
	if (value > UINT16_MAX)
		return false;
	*port = (uint16_t)value;
	return true;
}

static bool parse_scope(uint32_t *scope, const char *at)
{
	uint64_t value = 0;

	if (!*at)
		return false;
	for (; *at; at++) {
		if (!ascii_is_digit(*at))
			return false;
		value = value * 10 + (uint64_t)(*at - '0');
		if (value > UINT32_MAX)
			return false;
	}
	*scope = (uint32_t)value;
	return true;
}

static bool parse_ipv6(struct addr *a, char *text)
{
	char *const percent = strchr(text, '%');
	struct in6_addr ip;

	if (percent) {
		*percent = '\0';
		if (!parse_scope(&a->scope, percent + 1))
			return false;
	}
	if (inet_pton(AF_INET6, text, &ip) != 1)
		return false;
	a->kind = ADDR_IPV6;
	memcpy(a->ip, &ip, 16);
	if (IN6_IS_ADDR_V4MAPPED(&ip)) {
		a->kind = ADDR_IPV4;
		a->scope = 0;
		memmove(a->ip, a->ip + 12, 4);
	}
	return true;
}

/* inet_aton(3) reads "127.1", "0x7f.1" and "2130706433" as addresses, so nothing that ends in a number is a name. */
static bool ends_in_number(const char *name, size_t n)
{
	if (n && name[n - 1] == '.')
		n--;
	size_t at = n;
	while (at && name[at - 1] != '.')
		at--;
	const bool hex = n - at > 1 && name[at] == '0' && ascii_lower(name[at + 1]) == 'x';
	for (size_t i = hex ? at + 2 : at; i < n; i++)
		if (hex ? ascii_hex(name[i]) < 0 : !ascii_is_digit(name[i]))
			return false;
	return n > at;
}

/* These have a meaning of their own wherever a host's name is written. */
static bool is_reserved(char c)
{
	switch (c) {
	case ' ':
	case '/':
	case ':':
	case '@':
	case '*':
	case '[':
	case ']':
	case '%':
		return true;
	default:
		return ascii_is_control(c);
	}
}

/* A root dot tells libc to leave the search list alone, and proxies take it for a part of the name. */
static bool parse_name(struct addr *a, const char *at, size_t n)
{
	if (at[0] == '.' || ends_in_number(at, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_reserved(at[i]) || (at[i] == '.' && i + 1 < n && at[i + 1] == '.'))
			return false;
	n -= at[n - 1] == '.';
	a->kind = ADDR_NAME;
	memcpy(a->name, at, n);
	a->name[n] = '\0';
	return true;
}

bool addr_parse_host(struct addr *a, const char *at, size_t n)
{
	char text[INET6_ADDRSTRLEN + 16];

	*a = (struct addr){0};
	const bool brackets = n >= 2 && at[0] == '[' && at[n - 1] == ']';
	if (brackets)
		at++, n -= 2;
	if (n < 1 || n > ADDR_NAME_MAX || memchr(at, '\0', n))
		return false;
	if (brackets || memchr(at, ':', n)) {
		if (n >= sizeof(text))
			return false;
		memcpy(text, at, n);
		text[n] = '\0';
		return parse_ipv6(a, text);
	}
	if (n < INET_ADDRSTRLEN) {
		memcpy(text, at, n);
		text[n] = '\0';
		if (inet_pton(AF_INET, text, a->ip) == 1) {
			a->kind = ADDR_IPV4;
			return true;
		}
	}
	return parse_name(a, at, n);
}

bool addr_parse(struct addr *a, const char *at, size_t n, uint16_t default_port)
{
	const char *const bracket = n && at[0] == '[' ? memchr(at, ']', n) : NULL;
	const char *const colon = memrchr(at, ':', n);
	uint16_t port = default_port;
	size_t host = n;

	/* One colon ends the host; several without brackets make an IPv6 address. */
	if (colon && (bracket ? colon == bracket + 1 : memchr(at, ':', n) == colon)) {
		host = (size_t)(colon - at);
		if (!addr_parse_port(&port, colon + 1, n - host - 1))
			return false;
	}
	if (!addr_parse_host(a, at, host))
		return false;
	a->port = port;
	return true;
}
