/* SPDX-License-Identifier: MIT */
/* membership: the options' structs, which begin alike. */
#include "core/route/membership.h"

#include <string.h>

#include "core/base/err.h"

enum { LOOPBACK_INDEX = 1 }; /* the first device of every network namespace */

static bool is_either(int name)
{
	return name == MCAST_JOIN_GROUP || name == MCAST_JOIN_SOURCE_GROUP || name == MCAST_BLOCK_SOURCE ||
	       name == MCAST_UNBLOCK_SOURCE || name == MCAST_MSFILTER;
}

static bool chooses_sources(int name)
{
	return name == IP_ADD_SOURCE_MEMBERSHIP || name == IP_BLOCK_SOURCE || name == IP_UNBLOCK_SOURCE || name == IP_MSFILTER;
}

/* Returns what the option's value begins with, in bytes; 0 if it is none of these. */
static size_t head_of(int level, int name, socklen_t len)
{
	if (level != IPPROTO_IP && level != IPPROTO_IPV6)
		return 0;
	if (is_either(name))
		return sizeof(struct group_req); /* as group_source_req and group_filter begin, too */
	if (level == IPPROTO_IPV6)
		return name == IPV6_ADD_MEMBERSHIP || name == IPV6_JOIN_ANYCAST ? sizeof(struct ipv6_mreq) : 0;
	if (chooses_sources(name))
		return sizeof(struct ip_mreq);
	if (name != IP_ADD_MEMBERSHIP)
		return 0;
	return len < sizeof(struct ip_mreqn) ? sizeof(struct ip_mreq) : sizeof(struct ip_mreqn);
}

size_t membership_bytes(int level, int name, socklen_t len)
{
	const size_t n = head_of(level, name, len);

	return n <= len ? n : 0;
}

static bool read_ipv4(struct membership *m, const void *bytes, size_t n)
{
	struct ip_mreqn r = {0}; /* begins as ip_mreq, ip_mreq_source and ip_msfilter do, but only this has the third field */
	struct sockaddr_in in = {.sin_family = AF_INET};

	memcpy(&r, bytes, n);
	in.sin_addr = r.imr_multiaddr;
	m->address = r.imr_address;
	m->device = (uint32_t)r.imr_ifindex;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&in, sizeof(in));
}

static bool read_ipv6(struct membership *m, const void *bytes)
{
	struct ipv6_mreq r;
	struct sockaddr_in6 in = {.sin6_family = AF_INET6};

	memcpy(&r, bytes, sizeof(r));
	in.sin6_addr = r.ipv6mr_multiaddr;
	m->device = r.ipv6mr_interface;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&in, sizeof(in));
}

static bool read_either(struct membership *m, const void *bytes)
{
	struct group_req r;

	memcpy(&r, bytes, sizeof(r));
	m->device = r.gr_interface;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&r.gr_group, sizeof(r.gr_group));
}

bool membership_read(struct membership *m, int level, int name, const void *bytes, size_t n)
{
	*m = (struct membership){0};
	if (is_either(name))
		return read_either(m, bytes);
	m->anycast = level == IPPROTO_IPV6 && name == IPV6_JOIN_ANYCAST;
	return level == IPPROTO_IPV6 ? read_ipv6(m, bytes) : read_ipv4(m, bytes, n);
}

static bool is_on_loopback(const struct membership *m)
{
	return m->device == LOOPBACK_INDEX || (!m->device && *(const uint8_t *)&m->address == IN_LOOPBACKNET);
}

int membership_judge(const struct app *a, struct membership *m, uint16_t port)
{
	if ((!m->anycast && !addr_is_group(&m->group)) || is_on_loopback(m))
		return 0;
	if (!m->group.port)
		m->group.port = port;
	return decide_is_direct(a, &m->group, true) ? 0 : ERR_UDP_GROUP;
}
