/* SPDX-License-Identifier: MIT */
/* pattern: read the host, port and program patterns of a rule. */
#include <string.h>

#include "conf/rule.h"
#include "core/base/ascii.h"

static bool no_memory(struct text *problem)
{
	text_add(problem, "out of memory");
	return false;
}

/* Read a CIDR's prefix length, and turn that of a v4-mapped IPv6 range into the IPv4 one. */
static bool parse_prefix(struct host_pattern *p, bool ipv6, const char *at, size_t n)
{
	const unsigned most = ipv6 ? 128 : 32, mapped = ipv6 && p->addr.kind == ADDR_IPV4 ? 96 : 0;
	unsigned bits = 0;

	if (p->addr.kind == ADDR_NAME || n < 1 || n > 3 || (n > 1 && at[0] == '0'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(at[i]))
			return false;
		bits = bits * 10 + (unsigned)(at[i] - '0');
	}
	if (bits > most || bits < mapped)
		return false;
	p->prefix = (uint8_t)(bits - mapped);
	return true;
}

static bool parse_cidr(struct host_pattern *p, const char *at, size_t n)
{
	const char *const slash = memchr(at, '/', n);
	const size_t host = slash ? (size_t)(slash - at) : n;

	if (!addr_parse_host(&p->addr, at, host))
		return false;
	if (slash)
		return parse_prefix(p, memchr(at, ':', host) != NULL, slash + 1, n - host - 1);
	p->prefix = p->addr.kind == ADDR_IPV4 ? 32 : p->addr.kind == ADDR_IPV6 ? 128 : 0;
	return true;
}

static bool parse_pattern(struct host_pattern *p, const char *at, size_t n)
{
	p->everything = n == 1 && at[0] == '*';
	if (p->everything)
		return true;
	p->suffix = n > 2 && at[0] == '*' && at[1] == '.';
	if (p->suffix)
		return addr_parse_host(&p->addr, at + 2, n - 2) && p->addr.kind == ADDR_NAME;
	return parse_cidr(p, at, n);
}

bool rule_add_host(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	struct host_pattern *const p = arena_take(arena, sizeof(*p)), **end = &r->hosts;

	if (!p)
		return no_memory(problem);
	if (!parse_pattern(p, at, n)) {
		text_add(problem, "bad host '%.*s'", (int)n, at);
		if (n > 1 && at[0] == '.' && addr_parse_host(&p->addr, at + 1, n - 1))
			text_add(problem, "; did you mean '*%.*s'?", (int)n, at);
		else
			text_add(problem, ": an address, ADDRESS/BITS, a name, *.DOMAIN or * was meant");
		return false;
	}
	while (*end)
		end = &(*end)->next;
	*end = p;
	return true;
}

bool rule_add_port(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	struct port_range *const p = arena_take(arena, sizeof(*p)), **end = &r->ports;
	const char *const dash = memchr(at, '-', n);
	const size_t first = dash ? (size_t)(dash - at) : n;

	if (!p)
		return no_memory(problem);
	const char *const last = dash ? dash + 1 : at;
	const size_t last_n = dash ? n - first - 1 : n;
	if (!addr_parse_port(&p->first, at, first) || !addr_parse_port(&p->last, last, last_n)) {
		text_add(problem, "bad port '%.*s': 1 to 65535 or FIRST-LAST was meant", (int)n, at);
		return false;
	}
	if (p->first > p->last) {
		text_add(problem, "bad port '%.*s': it ends before it begins", (int)n, at);
		return false;
	}
	while (*end)
		end = &(*end)->next;
	*end = p;
	return true;
}

bool rule_add_program(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	struct program_pattern *const p = arena_take(arena, sizeof(*p)), **end = &r->programs;

	if (!p || !(p->glob = arena_copy(arena, at, n)))
		return no_memory(problem);
	if (!n || memchr(at, '/', n)) {
		text_add(problem, "bad program '%.*s': a name was meant, not a path", (int)n, at);
		return false;
	}
	while (*end)
		end = &(*end)->next;
	*end = p;
	return true;
}
