/* SPDX-License-Identifier: MIT */
/* membership: a group is joined if a datagram to it would go directly; else it is as if no device of this machine led to it. */
#include "hook/membership.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "hook/hook.h"

enum { LOOPBACK_INDEX = 1 }; /* the first device of every network namespace */

/* A group and the device to join it on: by its number, or its address. */
struct membership {
	struct addr group;
	uint32_t device;
	struct in_addr address;
};

static bool read_ipv4(struct membership *m, const void *value, socklen_t len)
{
	struct ip_mreqn r = {0}; /* begins as ip_mreq, ip_mreq_source and ip_msfilter do, but only this has the third field */
	struct sockaddr_in in = {.sin_family = AF_INET};

	if (!caller_read(&r, value, len < sizeof(r) ? sizeof(struct ip_mreq) : sizeof(r)))
		return false;
	in.sin_addr = r.imr_multiaddr;
	m->address = r.imr_address;
	m->device = (uint32_t)r.imr_ifindex;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&in, sizeof(in));
}

static bool read_ipv6(struct membership *m, const void *value)
{
	struct ipv6_mreq r;
	struct sockaddr_in6 in = {.sin6_family = AF_INET6};

	if (!caller_read(&r, value, sizeof(r)))
		return false;
	in.sin6_addr = r.ipv6mr_multiaddr;
	m->device = r.ipv6mr_interface;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&in, sizeof(in));
}

static bool read_either(struct membership *m, const void *value)
{
	struct group_req r; /* as group_source_req and group_filter begin, too */

	if (!caller_read(&r, value, sizeof(r)))
		return false;
	m->device = r.gr_interface;
	return addr_from_sockaddr(&m->group, (struct sockaddr *)&r.gr_group, sizeof(r.gr_group));
}

/* Read the group that an option joins, or whose sources it chooses; false if it does neither, or as the kernel cannot read it either. */
static bool parse(struct membership *m, int level, int name, const void *value, socklen_t len)
{
	*m = (struct membership){0};
	if (level != IPPROTO_IP && level != IPPROTO_IPV6)
		return false;
	if (name == MCAST_JOIN_GROUP || name == MCAST_JOIN_SOURCE_GROUP || name == MCAST_BLOCK_SOURCE || name == MCAST_UNBLOCK_SOURCE ||
	    name == MCAST_MSFILTER)
		return len >= sizeof(struct group_req) && read_either(m, value);
	if (level == IPPROTO_IPV6)
		return name == IPV6_ADD_MEMBERSHIP && len >= sizeof(struct ipv6_mreq) && read_ipv6(m, value);
	if (name == IP_ADD_SOURCE_MEMBERSHIP || name == IP_BLOCK_SOURCE || name == IP_UNBLOCK_SOURCE || name == IP_MSFILTER)
		len = sizeof(struct ip_mreq);
	else if (name != IP_ADD_MEMBERSHIP || len < sizeof(struct ip_mreq))
		return false;
	return read_ipv4(m, value, len);
}

static bool is_on_loopback(const struct membership *m)
{
	return m->device == LOOPBACK_INDEX || (!m->device && *(const uint8_t *)&m->address == IN_LOOPBACKNET);
}

/* Members of a group are usually bound to its port, which a rule may name. */
static uint16_t own_port(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	struct addr own;

	if (__extension__ sys.getsockname(fd, (struct sockaddr *)&at, &len) || !addr_from_sockaddr(&own, (struct sockaddr *)&at, len))
		return 0;
	return own.port;
}

static int judge(int fd, struct membership *m)
{
	const struct app *a = addr_is_group(&m->group) && !is_on_loopback(m) ? app_enter() : NULL;

	if (!a)
		return 0;
	if (!m->group.port)
		m->group.port = own_port(fd);
	if (decide_is_direct(a, &m->group, true))
		return 0;
	hook_refuse(&m->group, ERR_UDP_GROUP);
	return -ENODEV;
}

int membership_check(int fd, int level, int name, const void *value, socklen_t len)
{
	struct membership m;

	return parse(&m, level, name, value, len) ? judge(fd, &m) : 0;
}

/* The rest are libc's own functions for the options that choose sources. */

int setipv4sourcefilter(int fd, struct in_addr device, struct in_addr group, uint32_t mode, uint32_t n, const struct in_addr *sources)
{
	const int saved = errno;
	const struct ip_mreq r = {.imr_multiaddr = group, .imr_interface = device};
	const int rc = membership_check(fd, IPPROTO_IP, IP_MSFILTER, &r, sizeof(r));

	return rc ? (int)hook_result(rc, saved) : sys.setipv4sourcefilter(fd, device, group, mode, n, sources);
}

int setsourcefilter(int fd, uint32_t device, const struct sockaddr *group, socklen_t len, uint32_t mode, uint32_t n,
		    const struct sockaddr_storage *sources)
{
	const int saved = errno;
	struct membership m = {.device = device};
	struct sockaddr_storage copy;
	int rc = 0;

	if (caller_address(&copy, group, len) && addr_from_sockaddr(&m.group, (struct sockaddr *)&copy, len))
		rc = judge(fd, &m);
	return rc ? (int)hook_result(rc, saved) : sys.setsourcefilter(fd, device, group, len, mode, n, sources);
}
