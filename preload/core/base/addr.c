/* SPDX-License-Identifier: MIT */
/* addr: compare addresses, and turn them into sockaddrs and text, and back. */
#include "core/base/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "core/base/ascii.h"

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */

static void set_ipv6(struct addr *a, const uint8_t ip[16])
{
	const bool is_mapped = memcmp(ip, mapped, sizeof(mapped)) == 0;

	a->kind = is_mapped ? ADDR_IPV4 : ADDR_IPV6;
	memcpy(a->ip, is_mapped ? ip + 12 : ip, is_mapped ? 4 : 16);
}

static bool from_unix(struct addr *a, const struct sockaddr *sa, socklen_t len)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);

	if (len <= head || len - head >= sizeof(a->name))
		return false;
	*a = (struct addr){.kind = ADDR_UNIX};
	memcpy(a->name, (const char *)sa + head, len - head);
	return a->name[0] != '\0'; /* abstract */
}

bool addr_from_sockaddr(struct addr *a, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6 = {0};
	sa_family_t family;

	if (!sa || len < sizeof(family))
		return false;
	memcpy(&family, &sa->sa_family, sizeof(family));
	if (family == AF_UNIX)
		return from_unix(a, sa, len);
	if (family == AF_INET && len >= sizeof(in)) {
		memcpy(&in, sa, sizeof(in));
		*a = (struct addr){.kind = ADDR_IPV4, .port = ntohs(in.sin_port)};
		memcpy(a->ip, &in.sin_addr, 4);
		return true;
	}
	/* The kernel still takes RFC 2133's shorter form, without the scope. */
	if (family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		memcpy(&in6, sa, len < sizeof(in6) ? len : sizeof(in6));
		*a = (struct addr){.port = ntohs(in6.sin6_port)};
		set_ipv6(a, in6.sin6_addr.s6_addr);
		if (a->kind == ADDR_IPV6)
			a->scope = in6.sin6_scope_id;
		return true;
	}
	return false;
}

static socklen_t to_in(const struct addr *a, struct sockaddr_storage *to)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(a->port)};

	memcpy(&in.sin_addr, a->ip, 4);
	memcpy(to, &in, sizeof(in));
	return sizeof(in);
}

static socklen_t to_in6(const struct addr *a, struct sockaddr_storage *to)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(a->port)};

	if (a->kind == ADDR_IPV4) {
		memcpy(in6.sin6_addr.s6_addr, mapped, sizeof(mapped));
		memcpy(in6.sin6_addr.s6_addr + 12, a->ip, 4);
	} else {
		memcpy(in6.sin6_addr.s6_addr, a->ip, 16);
		in6.sin6_scope_id = a->scope;
	}
	memcpy(to, &in6, sizeof(in6));
	return sizeof(in6);
}

static socklen_t to_un(const struct addr *a, struct sockaddr_storage *to)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	const size_t n = strlen(a->name);

	if (n >= sizeof(un.sun_path))
		return 0;
	memcpy(un.sun_path, a->name, n);
	memcpy(to, &un, sizeof(un));
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
}

socklen_t addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *to, int family)
{
	const int own = addr_family(a);

	if (family == AF_UNSPEC)
		family = own;
	if (own == AF_INET && family == AF_INET)
		return to_in(a, to);
	if ((own == AF_INET || own == AF_INET6) && family == AF_INET6)
		return to_in6(a, to);
	return own == AF_UNIX && family == AF_UNIX ? to_un(a, to) : 0;
}

int addr_family(const struct addr *a)
{
	static const int family[] = {[ADDR_IPV4] = AF_INET, [ADDR_IPV6] = AF_INET6, [ADDR_UNIX] = AF_UNIX};

	return a->kind <= ADDR_UNIX ? family[a->kind] : AF_UNSPEC;
}

size_t addr_name_length(const char *name)
{
	const size_t n = strlen(name);

	return n && name[n - 1] == '.' ? n - 1 : n;
}

static bool same_name(const char *a, const char *b)
{
	const size_t n = addr_name_length(a);

	return n == addr_name_length(b) && ascii_same(a, b, n);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	if (a->kind != b->kind || a->port != b->port)
		return false;
	switch (a->kind) {
	case ADDR_IPV4:
		return memcmp(a->ip, b->ip, 4) == 0;
	case ADDR_IPV6:
		return memcmp(a->ip, b->ip, 16) == 0 && a->scope == b->scope;
	case ADDR_NAME:
		return same_name(a->name, b->name);
	case ADDR_UNIX:
		return strcmp(a->name, b->name) == 0;
	default:
		return true;
	}
}

bool addr_in_range(const struct addr *a, const struct addr *first, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	if (a->kind != first->kind || memcmp(a->ip, first->ip, whole) != 0)
		return false;
	return rest == 0 || (a->ip[whole] ^ first->ip[whole]) >> (8 - rest) == 0;
}

/* True if the name ends in `tail` ("." and a domain), ignoring one trailing dot. */
static bool is_under(const struct addr *a, const char *tail)
{
	const size_t n = addr_name_length(a->name), len = strlen(tail);

	return n >= len && ascii_same(a->name + n - len, tail, len);
}

/* The same, or the name is the domain itself. */
static bool is_in(const struct addr *a, const char *tail)
{
	return is_under(a, tail) || same_name(a->name, tail + 1);
}

struct addr addr_loopback(int family, uint16_t port)
{
	if (family == AF_INET6)
		return (struct addr){.kind = ADDR_IPV6, .port = port, .ip = {[15] = 1}};
	return (struct addr){.kind = ADDR_IPV4, .port = port, .ip = {127, 0, 0, 1}};
}

bool addr_is_loopback(const struct addr *a)
{
	static const uint8_t zero[16];

	if (a->kind == ADDR_IPV4)
		return a->ip[0] == 127 || memcmp(a->ip, zero, 4) == 0;
	if (a->kind == ADDR_IPV6)
		return memcmp(a->ip, zero, 15) == 0 && a->ip[15] <= 1;
	return a->kind == ADDR_NAME && is_in(a, ".localhost");
}

bool addr_is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return (a->kind == ADDR_IPV4 && memcmp(a->ip, zero, 4) == 0) || (a->kind == ADDR_IPV6 && memcmp(a->ip, zero, 16) == 0);
}

bool addr_is_onion(const struct addr *a)
{
	return a->kind == ADDR_NAME && is_under(a, ".onion");
}

bool addr_is_invalid(const struct addr *a)
{
	return a->kind == ADDR_NAME && is_in(a, ".invalid");
}

bool addr_is_group(const struct addr *a)
{
	static const uint8_t everybody[] = {255, 255, 255, 255};

	if (a->kind == ADDR_IPV4)
		return a->ip[0] >> 4 == 0xe || memcmp(a->ip, everybody, sizeof(everybody)) == 0;
	return a->kind == ADDR_IPV6 && a->ip[0] == 0xff;
}

/* Write an octet by hand, because inet_ntop(3) spends a printf on each. */
static char *put_octet(char *to, unsigned value)
{
	if (value >= 100)
		*to++ = (char)('0' + value / 100);
	if (value >= 10)
		*to++ = (char)('0' + value / 10 % 10);
	*to++ = (char)('0' + value % 10);
	return to;
}

const char *addr_figures(const struct addr *a, char figures[static ADDR_FIGURES])
{
	char *at = figures;

	if (a->kind == ADDR_IPV6)
		return inet_ntop(AF_INET6, a->ip, figures, ADDR_FIGURES);
	for (int i = 0; i < 4; i++) {
		at = put_octet(at, a->ip[i]);
		*at++ = '.';
	}
	at[-1] = '\0';
	return figures;
}

void addr_text(const struct addr *a, struct text *t)
{
	char ip[ADDR_FIGURES];

	if (a->kind == ADDR_NAME || a->kind == ADDR_UNIX) {
		text_add(t, "%s", a->name);
	} else if (a->kind == ADDR_IPV4) {
		text_add(t, "%s", addr_figures(a, ip));
	} else if (a->kind == ADDR_IPV6) {
		text_add(t, "%s%s", a->port ? "[" : "", addr_figures(a, ip));
		if (a->scope)
			text_add(t, "%%%u", a->scope);
		text_add(t, "%s", a->port ? "]" : "");
	}
	if (a->port && a->kind != ADDR_UNIX)
		text_add(t, ":%u", a->port);
}

const char *addr_string(const struct addr *a, char to[static ADDR_TEXT])
{
	struct text t = {.at = to, .size = ADDR_TEXT};

	to[0] = '\0';
	addr_text(a, &t);
	return to;
}
