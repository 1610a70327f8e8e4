/* SPDX-License-Identifier: MIT */
/* clone: copy every socket option that both families know, and the size of buffers that the application has set. */
#include "core/dial/clone.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/base/own.h"
#include "core/base/sys.h"

/* An option may have another name in the other family. */
static const struct option {
	int level, name, to_level, to_name;
} options[] = {
#define SAME(level, name) level, name, level, name
	{SAME(SOL_SOCKET, SO_KEEPALIVE)},
	{SAME(SOL_SOCKET, SO_LINGER)},
	{SAME(SOL_SOCKET, SO_RCVTIMEO)},
	{SAME(SOL_SOCKET, SO_SNDTIMEO)},
	{SAME(SOL_SOCKET, SO_PRIORITY)},
	{SAME(SOL_SOCKET, SO_MARK)},
	{SAME(SOL_SOCKET, SO_BINDTODEVICE)},
	{SAME(SOL_SOCKET, SO_OOBINLINE)},
	{SAME(SOL_SOCKET, SO_RCVLOWAT)},
	{SAME(SOL_SOCKET, SO_REUSEADDR)},
	{SAME(IPPROTO_TCP, TCP_NODELAY)},
	{SAME(IPPROTO_TCP, TCP_KEEPIDLE)},
	{SAME(IPPROTO_TCP, TCP_KEEPINTVL)},
	{SAME(IPPROTO_TCP, TCP_KEEPCNT)},
	{SAME(IPPROTO_TCP, TCP_USER_TIMEOUT)},
	{SAME(IPPROTO_TCP, TCP_CONGESTION)},
	{SAME(IPPROTO_IP, IP_TOS)},
	{SAME(IPPROTO_IP, IP_TTL)},
	{IPPROTO_IP, IP_TOS, IPPROTO_IPV6, IPV6_TCLASS},
	{IPPROTO_IP, IP_TTL, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
};

void clone_copy_settings(int from, int to)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const struct option *o = &options[i];
		char value[64];
		socklen_t len = sizeof(value);
		if (sys.getsockopt(from, o->level, o->name, value, &len) == 0 && len > 0)
			sys.setsockopt(to, o->to_level, o->to_name, value, len);
	}
}

/* The kernel reports twice the size that was set, or its own choice if none was: copy only what differs from a new socket's. */
static void copy_buffer(int from, int to, int name)
{
	const int theirs = sys_option(from, name), ours = sys_option(to, name);

	if (theirs != ours)
		sys.setsockopt(to, SOL_SOCKET, name, &(int){theirs / 2}, sizeof(int));
}

void clone_copy_options(int clone, int fd)
{
	const int owner = sys.fcntl(fd, F_GETOWN);

	clone_copy_settings(fd, clone);
	if (sys_option(clone, SO_DOMAIN) != AF_UNIX) {
		copy_buffer(fd, clone, SO_SNDBUF);
		copy_buffer(fd, clone, SO_RCVBUF);
	}
	if (owner)
		sys.fcntl(clone, F_SETOWN, owner);
	sys.fcntl(clone, F_SETSIG, sys.fcntl(fd, F_GETSIG));
	sys.fcntl(clone, F_SETFL, sys.fcntl(fd, F_GETFL));
}

int clone_make(int fd, int family)
{
	const int clone = own_socket(family, SOCK_STREAM);

	if (clone >= 0)
		clone_copy_options(clone, fd);
	return clone;
}
