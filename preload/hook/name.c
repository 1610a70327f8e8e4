/* name: what the resolver hooks share. */
#include "hook/name.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/err.h"
#include "core/names/origin.h"
#include "core/dns/answer.h"
#include "core/names/hosts.h"
#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "core/proto/dns_name.h"

/* Everything that inet_aton() takes for an address ("1.2", "0x7f.1") is one for libc, too. */
static bool numeric(const char *node)
{
	char address[ADDR_NAME_MAX + 1];
	struct in6_addr ip;
	const size_t n = strcspn(node, "%");

	if (inet_aton(node, &(struct in_addr){0}))
		return true;
	if (n >= sizeof(address))
		return false;
	memcpy(address, node, n);
	address[n] = '\0';
	return inet_pton(AF_INET6, address, &ip) == 1;
}

/* Other alphabets are made ASCII before they get here (AI_IDN). */
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

/* A trailing dot is not part of the name that is found. */
static void set_canonical(struct host *r, const char *node)
{
	const size_t n = strlen(node);

	memcpy(r->canonical, node, n + 1);
	if (n && node[n - 1] == '.')
		r->canonical[n - 1] = '\0';
}

static enum name_answer place(const struct addr *name, int family, struct host *r)
{
	*r = (struct host){.n = 1};
	set_canonical(r, name->name);
	return placeholder_put(name, family == AF_INET6 ? AF_INET6 : AF_INET, &r->addresses[0]) ? NAME_FULL : NAME_FOUND;
}

/* Of the rcode of a look-up. */
static enum name_answer answer_of(int rcode)
{
	switch (rcode) {
	case DNS_NOERROR:
		return NAME_FOUND;
	case DNS_NXDOMAIN:
		return NAME_INVALID;
	default:
		return NAME_FULL;
	}
}

static bool has_ipv4(const struct host *r)
{
	for (int i = 0; i < r->n; i++)
		if (r->addresses[i].kind == ADDR_IPV4)
			return true;
	return false;
}

/* Asked for IPv4, libc reads a line of the hosts file that says ::1 as if it said 127.0.0.1. */
static void read_as_ipv4(struct host *r)
{
	for (int i = 0; i < r->n && !has_ipv4(r); i++)
		if (addr_is_loopback(&r->addresses[i]))
			r->addresses[i] = (struct addr){.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}};
}

static bool find_in_hosts(const char *node, int family, struct host *r)
{
	if (!hosts_find(node, r))
		return false;
	if (family == AF_INET)
		read_as_ipv4(r);
	return true;
}

static enum name_answer ask(const struct app *a, const char *node, int family, struct host *r)
{
	struct addr name;

	if (!a->usable)
		return NAME_REFUSED;
	if (!parse(&name, node))
		return NAME_INVALID;
	const bool direct = hook_resolves_directly(a, &name);
	/* Names that need no name server are never asked of one, whatever nsswitch.conf says. */
	if ((!direct || addr_is_loopback(&name)) && find_in_hosts(node, family, r))
		return NAME_FOUND;
	if (direct)
		return NAME_DIRECT;
	if (a->config.dns == DNS_REMOTE || addr_is_onion(&name))
		return place(&name, family, r);
	if (a->config.dns == DNS_TCP)
		return answer_of(dns_lookup(&a->config, node, AF_UNSPEC, r));
	warn_once();
	return NAME_DIRECT;
}

enum name_answer name_ask(const char *node, int family, struct host *r)
{
	const int saved = errno;

	if (!node || numeric(node))
		return NAME_PASS;
	const struct app *a = hook_enter();
	if (!a)
		return NAME_PASS;
	const enum name_answer answer = ask(a, node, family, r);
	errno = saved;
	return answer;
}

bool name_next(const struct host *r, int family, int *i, char figures[static NAME_TEXT])
{
	for (; *i < r->n; ++*i) {
		const struct addr *a = &r->addresses[*i];
		if (addr_family(a) != family)
			continue;
		inet_ntop(family, a->ip, figures, NAME_TEXT);
		++*i;
		return true;
	}
	return false;
}

void name_direct(const char *node, const struct addrinfo *list, const struct hostent *entry)
{
	struct addr name, first;

	if (!addr_parse_host(&name, node, strlen(node)) || addr_is_loopback(&name))
		return;
	if (list && addr_from_sockaddr(&first, list->ai_addr, list->ai_addrlen) && placeholder_covers(&first))
		return; /* a placeholder knows its name */
	if (list)
		origin_put_list(&name, list);
	if (entry)
		origin_put_hostent(&name, entry);
}

static enum name_answer of_address(const struct app *a, const struct addr *address, struct host *r)
{
	struct addr target = *address, name;
	const struct route *route;

	if (!a->usable)
		return NAME_INVALID;
	if (placeholder_covers(address)) {
		if (!placeholder_get(address, &name))
			return NAME_INVALID;
		*r = (struct host){.by_dns = true, .n = 1, .addresses = {*address}};
		set_canonical(r, name.name);
		return NAME_FOUND;
	}
	target.port = 0;
	const bool direct = hook_decide(a, &target, false, &route) == 0 && route->kind == ROUTE_DIRECT;
	if ((!direct || addr_is_loopback(address)) && hosts_name(address, r))
		return NAME_FOUND;
	if (addr_is_loopback(address))
		return NAME_INVALID;
	if (!direct && a->config.dns != DNS_SYSTEM)
		return answer_of(dns_lookup_name(&a->config, address, r));
	if (!direct)
		warn_once();
	return NAME_PASS;
}

enum name_answer name_of(const struct addr *address, struct host *r)
{
	const int saved = errno;
	const struct app *a = hook_enter();
	const enum name_answer answer = a ? of_address(a, address, r) : NAME_PASS;

	errno = saved;
	return answer;
}
