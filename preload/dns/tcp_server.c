/* SPDX-License-Identifier: MIT */
/* tcp_server: connect the socket to a listener of this process, and start a session at our end. */
#include "dns/tcp_server.h"

#include <netinet/in.h>
#include <poll.h>

#include "core/base/clock.h"
#include "core/base/endpoint.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "dns/loopback.h"
#include "dns/tcp_session.h"
#include "fd/table.h"

enum { ACCEPT_MS = 2000 };

struct arrival {
	int listener;
	struct endpoint from;
};

static int accept_one(void *arg)
{
	struct arrival *a = arg;
	socklen_t len = sizeof(a->from);

	return (int)sys_rc(accept4(a->listener, &a->from.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

/* Returns our end of the connection from `fd`, ignoring others that arrive; or -errno. */
static int accept_from(int listener, int fd)
{
	struct endpoint own = {0};
	socklen_t len = sizeof(own);

	if (__extension__ sys.getsockname(fd, &own.sa, &len))
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

/* Connect `fd` to this process. Returns what connect(2) does, and our end in `*end`, negative if there is none. */
static int connect_here(int fd, int family, int *end)
{
	struct addr at;
	struct endpoint to;
	const int listener = loopback_socket(family, SOCK_STREAM, &at);

	*end = -1;
	if (listener < 0)
		return listener;
	endpoint_to(&to, &at, family);
	int rc = (int)sys_rc(listen(listener, 1));
	if (rc == 0)
		rc = (int)sys_rc(sys_connect(fd, &to.sa, endpoint_len(&to)));
	if (rc == 0 || rc == -EINPROGRESS)
		*end = accept_from(listener, fd);
	own_close(listener);
	return rc;
}

int dns_tcp_server(int fd, const struct app *app, const struct sockaddr *to, socklen_t len, bool direct)
{
	struct fd_entry *const entry = fd_entry_make(fd);
	struct addr server = {0};
	int end;

	if (!entry) /* in a vfork child memory and engine are its parent's */
		return -ENETUNREACH;
	if (direct)
		addr_from_sockaddr(&server, to, len);
	const int rc = connect_here(fd, to->sa_family, &end);
	if (rc && rc != -EINPROGRESS)
		return rc;
	const int failure = end < 0 ? end : tcp_session_start(end, app, &server);
	if (failure) {
		own_close(end);
		return failure;
	}
	const struct endpoint asked = endpoint_from(to, len);
	fd_entry_connected(entry, fd, &asked);
	return rc;
}
