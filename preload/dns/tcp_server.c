/* SPDX-License-Identifier: MIT */
/* tcp_server: connect the socket, or one in its place, to this process, and start a session at our end. */
#include "dns/tcp_server.h"

#include <errno.h>
#include <sys/time.h>

#include "core/base/endpoint.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/loopback.h"
#include "core/dns/tcp_session.h"
#include "fd/connecting.h"
#include "fd/table.h"

static const struct app *user; /* of dns_tcp_server_before() */

/* Connect `fd` to a session of ours. Returns what connect(2) does. */
static int attach(int fd, int family, const struct app *app, const struct addr *server)
{
	int end;
	const int rc = loopback_connect(fd, family, 0, &end);

	if (rc && rc != -EINPROGRESS)
		return rc;
	const int failure = end < 0 ? end : tcp_session_start(end, app, server);
	if (failure)
		own_close(end);
	return failure ? failure : rc;
}

int dns_tcp_server(int fd, const struct app *app, const struct sockaddr *to, socklen_t len)
{
	struct fd_entry *const entry = fd_entry_make(fd);

	if (!entry) /* in a vfork child memory and engine are its parent's */
		return -ENETUNREACH;
	const int rc = attach(fd, to->sa_family, app, &(struct addr){0});
	const struct endpoint asked = endpoint_from(to, len);
	if (rc == 0 || rc == -EINPROGRESS)
		fd_entry_connected(entry, fd, &asked);
	return rc;
}

/* A whole clone would be bound to the device that leads to the server. */
static void wait_alike(int to, int from)
{
	static const int timeouts[] = {SO_RCVTIMEO, SO_SNDTIMEO};

	for (size_t i = 0; i < sizeof(timeouts) / sizeof(*timeouts); i++) {
		struct timeval value;
		socklen_t len = sizeof(value);
		if (sys.getsockopt(from, SOL_SOCKET, timeouts[i], &value, &len) == 0)
			sys.setsockopt(to, SOL_SOCKET, timeouts[i], &value, len);
	}
	sys.fcntl(to, F_SETFL, sys.fcntl(from, F_GETFL));
}

/* Returns another socket, in a session of ours, that waits as `fd` does. */
static int stand_in(int fd, const struct endpoint *to)
{
	const int fresh = own_socket(to->sa.sa_family, SOCK_STREAM);
	struct addr server;

	addr_from_sockaddr(&server, &to->sa, sizeof(*to));
	const int rc = fresh < 0 ? fresh : attach(fresh, to->sa.sa_family, user, &server);
	if (rc < 0) {
		own_close(fresh);
		return rc;
	}
	wait_alike(fresh, fd);
	return fresh;
}

int dns_tcp_server_before(int fd, const struct app *app, const struct addr *server, const struct sockaddr *to, socklen_t len)
{
	user = app;
	return fd_entry_make(fd) ? connecting_start_instead(fd, app->config, server, to, len, stand_in) : -ENETUNREACH;
}
