/* SPDX-License-Identifier: MIT */
/* getaddrinfo: getaddrinfo and getnameinfo. We find the addresses; libc builds the lists from their figures. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/reentry.h"
#include "core/base/scratch.h"
#include "core/dns/daemons.h"
#include "core/dns/resolver.h"
#include "core/names/idn.h"
#include "hook/hook.h"

/* What libc assumes without hints (getaddrinfo(3)). */
static const struct addrinfo defaults = {.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG};

/* A list that grows at its end. */
struct list {
	const char *service;
	struct addrinfo hints;
	struct addrinfo *first, **end;
	int failure; /* why libc refused the latest address; 0 if it did not */
};

/* Append what libc returns for an address in figures. */
static void add(struct list *l, const char *figures)
{
	struct addrinfo *more;

	l->failure = sys.getaddrinfo(figures, l->service, &l->hints, &more);
	if (l->failure)
		return;
	*l->end = more;
	l->hints.ai_flags &= ~AI_CANONNAME; /* only the first entry carries the name */
	while (*l->end)
		l->end = &(*l->end)->ai_next;
}

/* Write the next address of `family`, from the `*i`th on, in figures; false if there is none. */
static bool next_figures(const struct host *r, int family, int *i, char figures[static ADDR_FIGURES])
{
	for (; *i < r->n; ++*i) {
		const struct addr *a = &r->addresses[*i];
		if (addr_family(a) != family)
			continue;
		addr_figures(a, figures);
		++*i;
		return true;
	}
	return false;
}

static void add_family(struct list *l, const struct host *r, int family)
{
	char figures[ADDR_FIGURES];

	for (int i = 0; next_figures(r, family, &i, figures);)
		add(l, figures);
}

/* True if all addresses are this machine's own. Only they need a local route: behind a chain any family will do. */
static bool is_own(const struct host *r)
{
	for (int i = 0; i < r->n; i++)
		if (!addr_is_loopback(&r->addresses[i]))
			return false;
	return r->n;
}

static bool has_ipv6(void)
{
	const struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons(1), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	const int fd = sys.socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const bool has = fd >= 0 && sys_connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

	if (fd >= 0)
		sys.close(fd);
	return has;
}

/* Add the addresses that the caller wants, in libc's order (RFC 6724: IPv6 first, unreachable addresses last). */
static void add_all(struct list *l, const struct host *r)
{
	const int family = l->hints.ai_family, flags = l->hints.ai_flags;
	const bool ipv6_last = family == AF_UNSPEC && is_own(r) && !has_ipv6();

	if (family != AF_INET && !ipv6_last)
		add_family(l, r, AF_INET6);
	if (family != AF_INET6 || (flags & AI_V4MAPPED && (!l->first || flags & AI_ALL)))
		add_family(l, r, AF_INET);
	if (ipv6_last)
		add_family(l, r, AF_INET6);
}

/* Replace the canonical name, for which libc took the figures, by a copy that freeaddrinfo() can free. */
static int set_canonical(struct addrinfo *list, const char *name, bool in_letters)
{
	char *const letters = in_letters ? idn_decode(name) : NULL, *const copy = letters ? letters : strdup(name);

	if (!copy)
		return EAI_MEMORY;
	free(list->ai_canonname);
	list->ai_canonname = copy;
	return 0;
}

static int found(const struct host *r, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	const struct addrinfo *const h = hints ? hints : &defaults;
	struct list l = {
		.service = service,
		.hints.ai_flags = (h->ai_flags | AI_NUMERICHOST) & ~(AI_IDN | AI_CANONIDN | (is_own(r) ? 0 : AI_ADDRCONFIG)),
		.hints.ai_family = h->ai_family,
		.hints.ai_socktype = h->ai_socktype,
		.hints.ai_protocol = h->ai_protocol,
		.failure = r->by_dns ? EAI_NODATA : EAI_NONAME,
	};

	l.end = &l.first;
	add_all(&l, r);
	if (!l.first)
		return l.failure;
	if (h->ai_flags & AI_CANONNAME && set_canonical(l.first, r->canonical, h->ai_flags & AI_CANONIDN)) {
		freeaddrinfo(l.first);
		return EAI_MEMORY;
	}
	for (struct addrinfo *a = l.first; a; a = a->ai_next)
		a->ai_flags = h->ai_flags;
	*result = l.first;
	return 0;
}

/* Let libc judge service and hints. Returns the error with which it would refuse them before any look-up, or 0. */
static int check(const char *service, const struct addrinfo *hints)
{
	struct addrinfo *list, h = hints ? *hints : (struct addrinfo){0};

	h.ai_flags = (h.ai_flags | AI_NUMERICHOST) & ~AI_ADDRCONFIG;
	const int rc = sys.getaddrinfo(h.ai_family == AF_INET6 ? "::1" : "127.0.0.1", service, &h, &list);
	if (rc == 0)
		freeaddrinfo(list);
	return rc;
}

/* Let libc look it up as without us. */
static int passed(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	const bool before = reentry_trust(true);
	const int rc = sys.getaddrinfo(node, service, hints, list);

	reentry_trust(before);
	return rc;
}

static int direct(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	const bool before = daemons_allow(true);
	const int rc = sys.getaddrinfo(node, service, hints, list);

	daemons_allow(before);
	if (rc == 0)
		resolver_learn(node, *list, NULL);
	return rc;
}

/* Pass on what we take for an address: should libc take it for a name, DNS must not be asked for it. */
static int numeric(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	struct addrinfo h = hints ? *hints : defaults;

	h.ai_flags |= AI_NUMERICHOST;
	const int rc = sys.getaddrinfo(node, service, &h, list);
	if (rc == 0)
		for (struct addrinfo *a = *list; a; a = a->ai_next)
			a->ai_flags &= ~AI_NUMERICHOST;
	return rc;
}

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict list)
{
	const int saved = errno, family = hints ? hints->ai_family : AF_UNSPEC;
	char ascii[ADDR_NAME_MAX + 1];
	const char *name = node;
	int rc;

	if (!node || (hints && hints->ai_flags & AI_NUMERICHOST))
		return passed(node, service, hints, list);
	if (hints && hints->ai_flags & AI_IDN) {
		rc = idn_encode(node, ascii);
		if (rc)
			return rc;
		name = ascii;
	}
	if (!resolver_is_name(name))
		return numeric(node, service, hints, list);
	SCRATCH(room);
	struct host *const r = scratch_take(&room, sizeof(*r));
	if (!r)
		return EAI_MEMORY;
	switch (resolver_ask(app_enter(), name, family, r)) {
	case RESOLVER_FOUND:
		rc = found(r, service, hints, list);
		if (rc == 0) {
			resolver_learn(name, *list, NULL);
			errno = saved;
		}
		return rc;
	case RESOLVER_DIRECT:
		scratch_give(&room); /* libc may be cancelled in there */
		return direct(node, service, hints, list);
	case RESOLVER_INVALID:
		rc = check(service, hints);
		return rc ? rc : EAI_NONAME;
	case RESOLVER_FULL:
		return EAI_AGAIN;
	case RESOLVER_REFUSED:
		hook_result(ERR_CONFIG, saved);
		return EAI_SYSTEM;
	default:
		scratch_give(&room);
		return passed(node, service, hints, list);
	}
}

static int put_host(char *host, socklen_t room, const char *name, bool in_letters)
{
	char *const letters = in_letters ? idn_decode(name) : NULL;
	const char *const from = letters ? letters : name;
	const size_t n = strlen(from) + 1;

	if (n <= room)
		memcpy(host, from, n);
	free(letters);
	return n <= room ? 0 : EAI_OVERFLOW;
}

int getnameinfo(const struct sockaddr *restrict sa, socklen_t len, char *restrict host, socklen_t host_room, char *restrict service,
		socklen_t service_room, int flags)
{
	struct addr address;
	bool before;
	int rc;

	if (flags & NI_NUMERICHOST || !host || !host_room || !addr_from_sockaddr(&address, sa, len) || address.kind == ADDR_UNIX)
		return sys.getnameinfo(sa, len, host, host_room, service, service_room, flags);
	SCRATCH(room);
	struct host *const r = scratch_take(&room, sizeof(*r));
	if (!r)
		return EAI_MEMORY;
	switch (resolver_ask_address(app_enter(), &address, r)) {
	case RESOLVER_FOUND:
		if (!r->n)
			break;
		rc = service && service_room ? sys.getnameinfo(sa, len, NULL, 0, service, service_room, flags & ~NI_NAMEREQD) : 0;
		return rc ? rc : put_host(host, host_room, r->canonical, flags & NI_IDN);
	case RESOLVER_PASS:
		scratch_give(&room);
		before = daemons_allow(true);
		rc = sys.getnameinfo(sa, len, host, host_room, service, service_room, flags);
		daemons_allow(before);
		return rc;
	default:
		break;
	}
	/* Asking DNS for the name would reveal our destination. */
	if (flags & NI_NAMEREQD)
		return EAI_NONAME;
	return sys.getnameinfo(sa, len, host, host_room, service, service_room, flags | NI_NUMERICHOST);
}
