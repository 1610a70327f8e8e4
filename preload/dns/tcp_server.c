/* SPDX-License-Identifier: MIT */
/* tcp_server: connect the socket to this process, and start a session at our end. */
#include "dns/tcp_server.h"

#include <errno.h>

#include "core/base/endpoint.h"
#include "core/base/own.h"
#include "core/dial/loopback.h"
#include "core/dns/tcp_session.h"
#include "fd/table.h"

int dns_tcp_server(int fd, const struct app *app, const struct sockaddr *to, socklen_t len, bool direct)
{
	struct fd_entry *const entry = fd_entry_make(fd);
	struct addr server = {0};
	int end;

	if (!entry) /* in a vfork child memory and engine are its parent's */
		return -ENETUNREACH;
	if (direct)
		addr_from_sockaddr(&server, to, len);
	const int rc = loopback_connect(fd, to->sa_family, 0, &end);
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
