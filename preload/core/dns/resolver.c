/* SPDX-License-Identifier: MIT */
/* resolver: get the answer for a name from each of those who may have it. */
#include "core/dns/resolver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "core/base/log.h"
#include "core/dns/addresses.h"
#include "core/names/hosts.h"
#include "core/names/origin.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "core/proto/dns_name.h"

/* libc takes for an address whatever inet_aton() does ("1.2", "0x7f.1"), but for what that leaves unread behind a blank ("1.2 foo"). */
static bool is_numeric(const char *node)
{
	char address[ADDR_NAME_MAX + 1];
	struct in6_addr ip;
	const size_t n = strcspn(node, "%");

	if (inet_aton(node, &(struct in_addr){0}))
		return !node[strcspn(node, " \t\n\v\f\r")];
	if (n >= sizeof(address))
		return false;
	memcpy(address, node, n);
	address[n] = '\0';
	return inet_pton(AF_INET6, address, &ip) == 1;
}

bool resolver_is_name(const char *node)
{
	return node && !is_numeric(node);
}

/* Names in other alphabets have become ASCII before they get here (AI_IDN). */
static bool parse(struct addr *name, const char *node)
{
	return dns_name_is_host(node) && addr_parse_host(name, node, strlen(node)) && name->kind == ADDR_NAME;
}

static void warn_once(void)
{
	static atomic_bool done;

	if (!atomic_exchange(&done, true))
		log_line(LOG_ERROR, "dns = system: this program's DNS look-ups go past the proxy, and tell where it connects to");
}

/* Who asks for both families is given one: a program with two addresses would try both where one fails, or is slow. That the second waits for
 * the first does not help those that close the first before, as Node.js 20 does after 250 ms. */
static int family_for(const struct app *app, int asked)
{
	if (asked == AF_INET || asked == AF_INET6)
		return asked;
	return app->config->prefer == PREFER_IPV6 ? AF_INET6 : AF_INET;
}

static enum resolver_answer take_placeholder(const struct addr *name, int family, struct host *r)
{
	host_clear(r);
	r->n = 1;
	memcpy(r->canonical, name->name, sizeof(r->canonical));
	return placeholder_put(name, family, &r->addresses[0]) ? RESOLVER_FULL : RESOLVER_FOUND;
}

/* Translate the rcode of a look-up. */
static enum resolver_answer answer_of(int rcode)
{
	switch (rcode) {
	case DNS_NOERROR:
		return RESOLVER_FOUND;
	case DNS_NXDOMAIN:
		return RESOLVER_INVALID;
	default:
		return RESOLVER_FULL;
	}
}

static bool has_ipv4(const struct host *r)
{
	for (int i = 0; i < r->n; i++)
		if (r->addresses[i].kind == ADDR_IPV4)
			return true;
	return false;
}

/* When asked for IPv4, libc takes ::1 in the hosts file for 127.0.0.1. */
static void read_as_ipv4(struct host *r)
{
	for (int i = 0; i < r->n && !has_ipv4(r); i++)
		if (addr_is_loopback(&r->addresses[i]))
			r->addresses[i] = addr_loopback(AF_INET, 0);
}

static int find_in_hosts(const char *node, int family, struct host *r)
{
	const int rc = hosts_find(node, r);

	if (rc > 0 && family == AF_INET)
		read_as_ipv4(r);
	return rc;
}

/* What is not known of the hosts file must not be asked of anybody. */
static enum resolver_answer answer_of_hosts(int rc)
{
	return rc < 0 ? RESOLVER_FULL : RESOLVER_FOUND;
}

static enum resolver_answer ask(const struct app *app, const char *node, int family, struct host *r)
{
	struct addr name;

	if (!app->config)
		return RESOLVER_REFUSED;
	if (!parse(&name, node))
		return RESOLVER_INVALID;
	const enum name_verdict who = name_decide(app, &name);
	/* A name in the hosts file is never asked of a name server, whatever nsswitch.conf says. */
	const int in_hosts = who != NAME_DIRECT ? find_in_hosts(node, family, r) : 0;
	if (in_hosts)
		return answer_of_hosts(in_hosts);
	switch (who) {
	case NAME_HERE:
		return take_placeholder(&name, family_for(app, family), r);
	case NAME_NOWHERE:
		return RESOLVER_INVALID;
	case NAME_BY_DNS:
		return answer_of(dns_lookup(app, node, AF_UNSPEC, r));
	case NAME_SYSTEM:
		warn_once();
		break;
	default:
		break;
	}
	return RESOLVER_DIRECT;
}

enum resolver_answer resolver_ask(const struct app *app, const char *node, int family, struct host *r)
{
	const int saved = errno;
	const enum resolver_answer answer = app ? ask(app, node, family, r) : RESOLVER_PASS;

	errno = saved;
	return answer;
}

void resolver_learn(const char *node, const struct addrinfo *list, const struct hostent *entry)
{
	struct addr name, first;

	if (list && addr_from_sockaddr(&first, list->ai_addr, list->ai_addrlen) && placeholder_stands(&first))
		return; /* a placeholder remembers its own name */
	if (!addr_parse_host(&name, node, strlen(node)) || addr_is_loopback(&name))
		return;
	if (list)
		origin_put_list(&name, list);
	if (entry)
		origin_put_hostent(&name, entry);
}

static enum resolver_answer ask_address(const struct app *app, const struct addr *address, struct host *r)
{
	struct addr name;

	if (!app->config)
		return RESOLVER_INVALID;
	const enum name_verdict who = address_decide(app, address);
	if (who == NAME_HERE) {
		if (!placeholder_get(address, &name))
			return RESOLVER_INVALID;
		*r = (struct host){.by_dns = true, .n = 1, .addresses = {*address}};
		memcpy(r->canonical, name.name, sizeof(r->canonical));
		return RESOLVER_FOUND;
	}
	const int in_hosts = who != NAME_DIRECT ? hosts_name(address, r) : 0;
	if (in_hosts)
		return answer_of_hosts(in_hosts);
	switch (who) {
	case NAME_LOCAL:
		return RESOLVER_INVALID;
	case NAME_BY_DNS:
		return answer_of(dns_lookup_name(app, address, r));
	case NAME_SYSTEM:
		warn_once();
		break;
	default:
		break;
	}
	return RESOLVER_PASS;
}

enum resolver_answer resolver_ask_address(const struct app *app, const struct addr *address, struct host *r)
{
	const int saved = errno;
	const enum resolver_answer answer = app ? ask_address(app, address, r) : RESOLVER_PASS;

	errno = saved;
	return answer;
}
