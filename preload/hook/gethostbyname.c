/* SPDX-License-Identifier: MIT */
/* gethostbyname: gethostbyname, gethostbyaddr and their variants. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/base/reentry.h"
#include "core/base/scratch.h"
#include "core/dns/daemons.h"
#include "core/dns/resolver.h"
#include "core/names/placeholder.h"
#include "hook/hook.h"

/* The caller's buffer, filled from its beginning; `full` once something has not fitted. */
struct room {
	char *at;
	size_t left;
	bool full;
};

static void *reserve(struct room *m, size_t size, size_t align)
{
	const size_t pad = -(uintptr_t)m->at & (align - 1);

	m->full = m->full || m->left < pad || m->left - pad < size;
	if (m->full)
		return NULL;
	char *const p = m->at + pad;
	m->at = p + size;
	m->left -= pad + size;
	return p;
}

static char *keep(struct room *m, const void *bytes, size_t size)
{
	char *const p = reserve(m, size, 1);

	return p ? memcpy(p, bytes, size) : NULL;
}

static int count_aliases(const struct host *r)
{
	int n = 0;

	for (size_t i = 0; i < r->aliases_size; i++)
		n += r->aliases[i] == '\0';
	return n;
}

static char **keep_aliases(struct room *m, const struct host *r)
{
	char **const list = reserve(m, ((size_t)count_aliases(r) + 1) * sizeof(*list), sizeof(*list));
	char *text = keep(m, r->aliases, r->aliases_size), **next = list;

	if (m->full)
		return NULL;
	for (int n = count_aliases(r); n > 0; n--) {
		*next++ = text;
		text += strlen(text) + 1;
	}
	*next = NULL;
	return list;
}

static char **keep_addresses(struct room *m, const struct host *r, int family)
{
	const size_t size = family == AF_INET6 ? 16 : 4;
	char **const list = reserve(m, ((size_t)r->n + 1) * sizeof(*list), sizeof(*list)), **next = list;

	for (int i = 0; i < r->n && !m->full; i++)
		if (addr_family(&r->addresses[i]) == family)
			*next++ = keep(m, r->addresses[i].ip, size);
	if (m->full)
		return NULL;
	*next = NULL;
	return list;
}

/* Fill in an entry, in the caller's buffer. Returns what gethostbyname2_r() does. */
static int fill(const struct host *r, int family, struct hostent *entry, char *buf, size_t size, struct hostent **result, int *h_err)
{
	struct room m = {.at = buf, .left = size};

	*result = NULL;
	*entry = (struct hostent){
		.h_addrtype = family,
		.h_length = family == AF_INET6 ? 16 : 4,
		.h_addr_list = keep_addresses(&m, r, family),
		.h_aliases = keep_aliases(&m, r),
		.h_name = keep(&m, r->canonical, strlen(r->canonical) + 1),
	};
	if (m.full) {
		*h_err = NETDB_INTERNAL;
		return errno = ERANGE;
	}
	if (!entry->h_addr_list[0]) {
		*h_err = r->by_dns ? NO_DATA : HOST_NOT_FOUND;
		return 0;
	}
	*result = entry;
	*h_err = NETDB_SUCCESS;
	return 0;
}

static int not_found(enum resolver_answer answer, struct hostent **result, int *h_err)
{
	*result = NULL;
	*h_err = answer == RESOLVER_FULL ? TRY_AGAIN : answer == RESOLVER_REFUSED ? NO_RECOVERY : HOST_NOT_FOUND;
	return answer == RESOLVER_FULL ? EAGAIN : 0;
}

static int out_of_memory(struct hostent **result, int *h_err)
{
	*result = NULL;
	*h_err = NETDB_INTERNAL;
	return errno = ENOMEM;
}

/* True for what libc's gethostbyname takes for an address, too. It would ask DNS for others that we do ("0x7f.1", "fe80::1%eth0"). */
static bool is_plain_address(const char *name)
{
	return strchr(name, ':') ? inet_pton(AF_INET6, name, &(struct in6_addr){0}) == 1 : !name[strspn(name, "0123456789.")];
}

int gethostbyname2_r(const char *restrict name, int family, struct hostent *restrict entry, char *restrict buf, size_t size,
		     struct hostent **restrict result, int *restrict h_err)
{
	SCRATCH(room);
	struct host *const r = scratch_take(&room, sizeof(*r));
	const bool ip = family == AF_INET || family == AF_INET6;
	const bool numeric = ip && name && !resolver_is_name(name);

	if (!r)
		return out_of_memory(result, h_err);
	const enum resolver_answer answer = ip && name && !numeric ? resolver_ask(app_enter(), name, family, r) : RESOLVER_PASS;

	if (numeric && !is_plain_address(name))
		return not_found(RESOLVER_INVALID, result, h_err);
	if (answer == RESOLVER_PASS || answer == RESOLVER_DIRECT) {
		scratch_give(&room); /* libc may be cancelled in there */
		const bool before = daemons_allow(answer == RESOLVER_DIRECT);
		reentry_trust(true);
		const int rc = sys.gethostbyname2_r(name, family, entry, buf, size, result, h_err);
		daemons_allow(before);
		reentry_trust(false);
		if (rc == 0 && answer == RESOLVER_DIRECT)
			resolver_learn(name, NULL, *result);
		return rc;
	}
	if (answer != RESOLVER_FOUND)
		return not_found(*name ? answer : RESOLVER_REFUSED, result, h_err);
	const int rc = fill(r, family, entry, buf, size, result, h_err);
	if (rc == 0 && !placeholder_stands(&r->addresses[0])) /* a placeholder remembers its own name */
		resolver_learn(name, NULL, *result);
	return rc;
}

int gethostbyname_r(const char *restrict name, struct hostent *restrict entry, char *restrict buf, size_t size,
		    struct hostent **restrict result, int *restrict h_err)
{
	return gethostbyname2_r(name, AF_INET, entry, buf, size, result, h_err);
}

/* The static result of the functions without _r: one for all threads, as in libc, and as large as the largest answer so far. */
struct space {
	size_t size; /* of `buf` */
	struct hostent entry;
	char buf[];
};

static _Atomic(struct space *) shared;

/* Returns a result with at least this much room. The smaller one before stays mapped: another thread may still read it. */
static struct space *space(size_t least)
{
	struct space *s = shared, *more;

	while (!s || s->size < least) {
		const size_t size = s ? 2 * (sizeof(*s) + s->size) : 4096;
		more = pages_take(size);
		if (!more)
			return NULL;
		more->size = size - sizeof(*more);
		if (atomic_compare_exchange_strong(&shared, &s, more))
			s = more;
		else
			pages_free(more, size);
	}
	return s;
}

/* Success leaves h_errno as it was. */
static struct hostent *or_error(struct hostent *found, int h_err)
{
	if (!found)
		h_errno = h_err;
	return found;
}

struct hostent *gethostbyname2(const char *name, int family)
{
	struct hostent *result = NULL;
	struct space *s = space(0);
	int h_err = NETDB_INTERNAL;

	while (s && gethostbyname2_r(name, family, &s->entry, s->buf, s->size, &result, &h_err) == ERANGE)
		s = space(s->size + 1);
	return or_error(result, h_err);
}

struct hostent *gethostbyname(const char *name)
{
	return gethostbyname2(name, AF_INET);
}

static bool from_bytes(struct addr *a, const void *bytes, socklen_t len, int family)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (family == AF_INET && len >= sizeof(in.sin_addr)) {
		memcpy(&in.sin_addr, bytes, sizeof(in.sin_addr));
		return addr_from_sockaddr(a, (struct sockaddr *)&in, sizeof(in));
	}
	if (family == AF_INET6 && len >= sizeof(in6.sin6_addr)) {
		memcpy(&in6.sin6_addr, bytes, sizeof(in6.sin6_addr));
		return addr_from_sockaddr(a, (struct sockaddr *)&in6, sizeof(in6));
	}
	return false;
}

/* Answer with the address in the family that the caller asked for. */
static void set_asked(struct host *r, const void *bytes, int family)
{
	r->n = 1;
	r->addresses[0] = (struct addr){.kind = family == AF_INET6 ? ADDR_IPV6 : ADDR_IPV4};
	memcpy(r->addresses[0].ip, bytes, family == AF_INET6 ? 16 : 4);
}

int gethostbyaddr_r(const void *restrict bytes, socklen_t len, int family, struct hostent *restrict entry, char *restrict buf,
		    size_t size, struct hostent **restrict result, int *restrict h_err)
{
	struct addr address;

	if (!from_bytes(&address, bytes, len, family))
		return sys.gethostbyaddr_r(bytes, len, family, entry, buf, size, result, h_err);
	SCRATCH(room);
	struct host *const r = scratch_take(&room, sizeof(*r));
	if (!r)
		return out_of_memory(result, h_err);
	const enum resolver_answer answer = resolver_ask_address(app_enter(), &address, r);
	if (answer == RESOLVER_PASS) {
		scratch_give(&room);
		const bool before = daemons_allow(true);
		const int rc = sys.gethostbyaddr_r(bytes, len, family, entry, buf, size, result, h_err);
		daemons_allow(before);
		return rc;
	}
	if (answer != RESOLVER_FOUND) {
		not_found(answer, result, h_err);
		return 0; /* libc tells of a name server's failure in h_errno alone */
	}
	if (r->by_dns) /* DNS takes a v4-mapped address for IPv4; the hosts file does not */
		family = addr_family(&address);
	else
		set_asked(r, bytes, family);
	return fill(r, family, entry, buf, size, result, h_err);
}

struct hostent *gethostbyaddr(const void *bytes, socklen_t len, int family)
{
	struct hostent *result = NULL;
	struct space *s = space(0);
	int h_err = NETDB_INTERNAL;

	while (s && gethostbyaddr_r(bytes, len, family, &s->entry, s->buf, s->size, &result, &h_err) == ERANGE)
		s = space(s->size + 1);
	return or_error(result, h_err);
}
