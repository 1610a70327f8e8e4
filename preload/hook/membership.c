/* SPDX-License-Identifier: MIT */
/* membership: a group is joined if a datagram to it would go directly; else it is as if no device of this machine led to it. */
#include "hook/membership.h"

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/route/membership.h"
#include "hook/hook.h"

/* Members of a group are usually bound to its port, which a rule may name. */
static uint16_t own_port(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	struct addr own;

	if (sys_getsockname(fd, (struct sockaddr *)&at, &len) || !addr_from_sockaddr(&own, (struct sockaddr *)&at, len))
		return 0;
	return own.port;
}

static int judge(int fd, struct membership *m)
{
	const struct app *a = app_enter();
	const int rc = a ? membership_judge(a, m, own_port(fd)) : 0;

	if (rc)
		hook_refuse(&m->group, rc);
	return rc ? -ENODEV : 0;
}

int membership_check(int fd, int level, int name, const void *value, socklen_t len)
{
	const size_t n = membership_bytes(level, name, len);
	struct membership m;
	char bytes[MEMBERSHIP_BYTES];

	/* What cannot be read, the kernel cannot read either. */
	return n && caller_read(bytes, value, n) && membership_read(&m, level, name, bytes, n) ? judge(fd, &m) : 0;
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
