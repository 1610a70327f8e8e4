/* SPDX-License-Identifier: MIT */
/* call: what the call asks for, and what every way of answering it does to the socket. */
#include "fd/call.h"

#include "core/base/sys.h"
#include "fd/ready.h"

int call_describe(struct call *c, int fd, const struct sockaddr *to, socklen_t len)
{
	c->fd = fd;
	c->family = to->sa_family;
	c->flags = sys.fcntl(fd, F_GETFL);
	if (c->flags < 0)
		return -errno;
	c->to = endpoint_from(to, len);
	c->entry = fd_entry_make(fd);
	return 0;
}

int call_check_family(const struct call *c)
{
	const int family = sys_option(c->fd, SO_DOMAIN);

	return family == c->family ? 0 : family < 0 ? family : -EAFNOSUPPORT;
}

bool call_may_be_left(const struct call *c)
{
	return c->entry && !fd_table_foreign();
}

int call_lower_lowat(const struct call *c)
{
	int lowat;
	socklen_t len = sizeof(lowat);

	if (!c->entry || !fd_entry_is(c->entry, FD_LOWAT) || sys.getsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &lowat, &len))
		return 0;
	sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int));
	return lowat;
}

void call_describe_pending(struct pending *p, const struct call *c, int lowat)
{
	p->fd = c->fd;
	p->flags = c->flags;
	p->family = c->family;
	p->to = c->to;
	p->lowat = lowat;
	p->instead = c->instead;
}

int call_begin_dial(const struct call *c, struct dial *d)
{
	const int rc = dial_begin(d, c->config, c->route, COMMAND_CONNECT, c->target);

	dial_on(d, c->family, c->flags & ~O_ASYNC);
	if (c->entry && fd_entry_is(c->entry, FD_DEVICE))
		dial_on_device(d);
	return rc;
}

bool call_is_placeholder(const struct call *c)
{
	return c->target->kind == ADDR_NAME && c->route->kind == ROUTE_CHAIN;
}

bool call_is_ipv6(const struct call *c)
{
	return c->to.sa.sa_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *)&c->to.sa)->sin6_addr);
}

int64_t call_patience(int fd, const struct fd_entry *entry)
{
	return entry && fd_entry_is(entry, FD_TIMED) ? fd_patience(fd, SO_SNDTIMEO) : INT64_MAX;
}
