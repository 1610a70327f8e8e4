/* SPDX-License-Identifier: MIT */
/* pattern: read the host, port and program patterns of a rule. */
#include <string.h>
#include <utlist.h>

#include "conf/rule.h"
#include "core/base/ascii.h"

static bool no_memory(struct text *problem)
{
	text_add(problem, "out of memory");
	return false;
}

static struct host_pattern *add_host(struct rule *r, struct arena *arena, const char *at, size_t n, bool *valid)
{
	struct host_pattern *const p = host_pattern_parse(arena, at, n, valid);

	if (p)
		DL_APPEND(r->hosts, p);
	return p;
}

/* What is called localhost is looked up by nobody, so that connections to it are known by its addresses alone. */
static bool add_loopback(struct rule *r, struct arena *arena)
{
	static const char *const ranges[] = {"127.0.0.0/8", "::1"};
	bool valid = true;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (!add_host(r, arena, ranges[i], strlen(ranges[i]), &valid))
			return false;
	return true;
}

static bool is_localhost(const char *at, size_t n)
{
	static const char name[] = "localhost";

	if (n > 2 && at[0] == '*' && at[1] == '.')
		at += 2, n -= 2;
	return n == sizeof(name) - 1 && ascii_same(at, name, n);
}

bool rule_add_host(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	bool valid;

	if (add_host(r, arena, at, n, &valid))
		return !is_localhost(at, n) || add_loopback(r, arena) || no_memory(problem);
	if (valid)
		return no_memory(problem);
	text_add(problem, "bad host '%.*s'", (int)n, at);
	if (n > 1 && at[0] == '.' && addr_parse_host(&(struct addr){0}, at + 1, n - 1))
		text_add(problem, "; did you mean '*%.*s'?", (int)n, at);
	else
		text_add(problem, ": an address, ADDRESS/BITS, a name, *.DOMAIN or * was meant");
	return false;
}

bool rule_add_port(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	struct port_range *const p = arena_take(arena, sizeof(*p));
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
	DL_APPEND(r->ports, p);
	return true;
}

bool rule_add_program(struct rule *r, struct arena *arena, const char *at, size_t n, struct text *problem)
{
	struct program_pattern *const p = arena_take(arena, sizeof(*p));

	if (!p || !(p->glob = arena_copy(arena, at, n)))
		return no_memory(problem);
	if (!n || memchr(at, '/', n)) {
		text_add(problem, "bad program '%.*s': a name was meant, not a path", (int)n, at);
		return false;
	}
	DL_APPEND(r->programs, p);
	return true;
}
