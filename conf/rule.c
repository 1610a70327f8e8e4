/* SPDX-License-Identifier: MIT */
/* rule: compare a destination with a rule's patterns. */
#include "conf/rule.h"

#include <string.h>

#include "core/base/ascii.h"

static size_t name_length(const char *name)
{
	const size_t n = strlen(name);

	return n && name[n - 1] == '.' ? n - 1 : n;
}

static bool matches_name(const struct host_pattern *p, const char *name)
{
	const size_t n = name_length(name), tail = name_length(p->addr.name);

	if (n < tail || !ascii_same(name + n - tail, p->addr.name, tail))
		return false;
	return n == tail || (p->suffix && name[n - tail - 1] == '.');
}

static bool matches_host(const struct host_pattern *p, const struct addr *a)
{
	if (p->everything)
		return true;
	if (p->addr.kind == ADDR_NAME)
		return a->kind == ADDR_NAME && matches_name(p, a->name);
	return addr_in_range(a, &p->addr, p->prefix);
}

static bool matches_glob(const char *glob, const char *s)
{
	const char *star = NULL, *retry = NULL;

	while (*s) {
		if (*glob == '*') {
			star = ++glob;
			retry = s;
		} else if (*glob == '?' || *glob == *s) {
			glob++, s++;
		} else if (star) {
			glob = star;
			s = ++retry;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

static bool any_host(const struct host_pattern *p, const struct addr *a)
{
	for (; p; p = p->next)
		if (matches_host(p, a))
			return true;
	return false;
}

static bool any_port(const struct port_range *p, uint16_t port)
{
	for (; p; p = p->next)
		if (port >= p->first && port <= p->last)
			return true;
	return false;
}

static bool any_program(const struct program_pattern *p, const char *name)
{
	for (; name && p; p = p->next)
		if (matches_glob(p->glob, name))
			return true;
	return false;
}

static bool matches_hosts(const struct rule *r, const struct destination *to)
{
	return !r->hosts || any_host(r->hosts, to->addr) || (to->origin && any_host(r->hosts, to->origin));
}

enum rule_key rule_mismatch(const struct rule *r, const struct destination *to)
{
	if (!matches_hosts(r, to))
		return RULE_HOST;
	if (r->ports && !any_port(r->ports, to->addr->port))
		return RULE_PORT;
	if (r->programs && !any_program(r->programs, to->program))
		return RULE_PROGRAM;
	return r->protocol != RULE_ANY && (r->protocol == RULE_UDP) != to->udp ? RULE_PROTOCOL : RULE_NONE;
}

bool rule_matches_host(const struct rule *r, const struct destination *to)
{
	return matches_hosts(r, to) && (!r->programs || any_program(r->programs, to->program));
}

bool rule_matches(const struct rule *r, const struct destination *to)
{
	return rule_mismatch(r, to) == RULE_NONE;
}
