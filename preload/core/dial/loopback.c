/* SPDX-License-Identifier: MIT */
/* loopback: bind to port 0, ask the kernel which port that became, and tell whoever was asked to connect there from others. */
#include "core/dial/loopback.h"

#include <netinet/in.h>
#include <poll.h>

#include "core/base/clock.h"
#include "core/base/endpoint.h"
#include "core/base/own.h"
#include "core/base/sys.h"

enum { ACCEPT_MS = 2000 };

static int bind_to_loopback(int fd, int family, struct addr *at)
{
	const struct addr any = addr_loopback(family, 0);
	struct sockaddr_storage a;
	socklen_t len = addr_to_sockaddr(&any, &a, family);

	if (sys_bind(fd, (struct sockaddr *)&a, len) || sys_getsockname(fd, (struct sockaddr *)&a, &len))
		return -errno;
	return addr_from_sockaddr(at, (struct sockaddr *)&a, len) ? 0 : -EINVAL;
}

int loopback_socket(int family, int type, struct addr *at)
{
	const int fd = own_socket(family, type | SOCK_NONBLOCK);
	const int rc = fd < 0 ? fd : bind_to_loopback(fd, family, at);

	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

struct arrival {
	int listener;
	struct endpoint from;
};

static int accept_one(void *arg)
{
	struct arrival *a = arg;
	socklen_t len = sizeof(a->from);

	return (int)sys_rc(__extension__ sys.accept4(a->listener, &a->from.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

/* Returns our end of the connection from `fd`, ignoring others that arrive; or -errno. */
static int accept_from(int listener, int fd)
{
	struct endpoint own = {0};
	socklen_t len = sizeof(own);

	if (sys_getsockname(fd, &own.sa, &len))
		return -errno;
	const int64_t limit = clock_in_ms(ACCEPT_MS);
	while (clock_poll_ms(limit)) {
		struct arrival a = {.listener = listener};
		const int end = own_make(accept_one, &a);
		if (end >= 0 && endpoint_equal(&own, &a.from))
			return end;
		own_close(end);
		if (end == -EAGAIN)
			poll(&(struct pollfd){.fd = listener, .events = POLLIN}, 1, clock_poll_ms(limit));
		else if (end < 0)
			return end;
	}
	return -ETIMEDOUT;
}

int loopback_connect(int fd, int family, int room, int *end)
{
	struct addr at;
	struct endpoint to;
	const int listener = loopback_socket(family, SOCK_STREAM, &at);

	*end = -1;
	if (listener < 0)
		return listener;
	endpoint_to(&to, &at, family);
	if (room)
		sys.setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	int rc = (int)sys_rc(sys_listen(listener, 1));
	if (rc == 0)
		rc = (int)sys_rc(sys_connect(fd, &to.sa, endpoint_len(&to)));
	if (rc == 0 || rc == -EINPROGRESS)
		*end = accept_from(listener, fd);
	own_close(listener);
	return rc;
}
