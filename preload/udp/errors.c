/* SPDX-License-Identifier: MIT */
/* errors: the kernel tells a connected socket that its peer is gone, others only on request: by a queue, which must then be emptied. */
#include "core/base/sys.h"
#include "udp/socket.h"

static bool ask(int fd, int level, int name, int on)
{
	return sys.setsockopt(fd, level, name, &on, sizeof(on)) == 0;
}

static void ask_all(const struct udp *u, int fd, int on)
{
	ask(fd, IPPROTO_IP, IP_RECVERR, on);
	if (u->family == AF_INET6)
		ask(fd, IPPROTO_IPV6, IPV6_RECVERR, on);
}

static bool is_asked(const struct udp *u, int fd)
{
	const bool six = u->family == AF_INET6;
	int on = 0;
	socklen_t len = sizeof(on);

	return sys.getsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_RECVERR : IP_RECVERR, &on, &len) == 0 && on;
}

void udp_watch(struct udp *u, int fd)
{
	if (u->watches || is_asked(u, fd))
		return;
	ask_all(u, fd, 1);
	u->watches = true;
}

void udp_watched(const struct udp *u, int fd)
{
	if (u->watches)
		while (sys.recv(fd, NULL, 0, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
			;
}

void udp_watch_no_more(struct udp *u, int fd)
{
	if (u->watches)
		ask_all(u, fd, 0);
	u->watches = false;
}

void udp_error_told(int fd)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return;
	udp_watched(u, fd);
	udp_leave(u);
}

void udp_errors_asked(int fd)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return;
	lock_take(&u->lock);
	u->watches = false;
	lock_give(&u->lock);
	udp_leave(u);
}
