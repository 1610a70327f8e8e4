/* SPDX-License-Identifier: MIT */
/* rule: compare a destination with a rule's patterns. */
#include "conf/rule.h"

#include "conf/glob.h"

static bool any_host(const struct host_pattern *p, const struct addr *a)
{
	for (; p; p = p->next)
		if (host_pattern_matches(p, a))
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
		if (glob_matches(p->glob, name))
			return true;
	return false;
}

static bool matches_hosts(const struct rule *r, const struct destination *to)
{
	return !r->hosts || any_host(r->hosts, to->addr) || (to->origin && any_host(r->hosts, to->origin));
}

/* As rule_mismatch(), without the hosts. */
static enum rule_key other_mismatch(const struct rule *r, const struct destination *to)
{
	if (r->ports && !any_port(r->ports, to->addr->port))
		return RULE_PORT;
	if (!rule_fits_program(r, to))
		return RULE_PROGRAM;
	return r->protocol != RULE_ANY && (r->protocol == RULE_UDP) != to->udp ? RULE_PROTOCOL : RULE_NONE;
}

enum rule_key rule_mismatch(const struct rule *r, const struct destination *to)
{
	return matches_hosts(r, to) ? other_mismatch(r, to) : RULE_HOST;
}

bool rule_fits(const struct rule *r, const struct destination *to)
{
	return other_mismatch(r, to) == RULE_NONE;
}

bool rule_fits_program(const struct rule *r, const struct destination *to)
{
	return !r->programs || any_program(r->programs, to->program);
}
