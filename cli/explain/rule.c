/* SPDX-License-Identifier: MIT */
/* rule: print keys and values, in the spelling of the configuration. */
#include "cli/explain/rule.h"

#include <stdio.h>

#include "cli/say.h"

/* A list of blocked hosts may have 50,000. */
static void print_hosts(const struct host_pattern *p)
{
	int shown = 0, more = 0;

	for (; p && shown < 20; p = p->next, shown++)
		print("%s%s", shown ? ", " : "", p->text);
	for (; p; p = p->next)
		more++;
	if (more)
		print(" and %d more", more);
}

static void print_ports(const struct port_range *p)
{
	for (; p; p = p->next) {
		print("%d", p->first);
		if (p->last != p->first)
			print("-%d", p->last);
		fputs(p->next ? ", " : "", stdout);
	}
}

static void print_programs(const struct program_pattern *p)
{
	for (; p; p = p->next)
		print("%s%s", p->glob, p->next ? ", " : "");
}

void rule_print_values(const struct rule *r, enum rule_key key)
{
	switch (key) {
	case RULE_HOST:
		print_hosts(r->hosts);
		break;
	case RULE_PORT:
		print_ports(r->ports);
		break;
	case RULE_PROGRAM:
		print_programs(r->programs);
		break;
	case RULE_PROTOCOL:
		fputs(r->protocol == RULE_UDP ? "udp" : "tcp", stdout);
		break;
	case RULE_NONE:
		break;
	}
}

const char *rule_key_name(enum rule_key key)
{
	static const char *const names[] = {
		[RULE_HOST] = "host", [RULE_PORT] = "port", [RULE_PROGRAM] = "program", [RULE_PROTOCOL] = "protocol"};

	return names[key];
}

void rule_print_name(const struct rule *r)
{
	print("%s (%s", r->name, r->file);
	if (r->line)
		print(" line %d", r->line);
	putchar(')');
}

void rule_print(const struct rule *r)
{
	const bool has[] = {
		[RULE_HOST] = r->hosts, [RULE_PORT] = r->ports, [RULE_PROGRAM] = r->programs, [RULE_PROTOCOL] = r->protocol != RULE_ANY};
	const char *lead = ": ";

	rule_print_name(r);
	for (enum rule_key key = RULE_HOST; r->line && key <= RULE_PROTOCOL; key++) {
		if (!has[key])
			continue;
		print("%s%s ", lead, rule_key_name(key));
		rule_print_values(r, key);
		lead = "; ";
	}
}
