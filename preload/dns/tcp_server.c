/* tcp_server: a DNS server inside this process, at the other end of a TCP connection to port 53. */
#include "dns/tcp_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/sys.h"
#include "dns/tcp_session.h"
#include "fd/hidden.h"
#include "fd/table.h"

enum { ACCEPT_MS = 2000 };

/* A listener of the loopback address that `fd` can reach. */
static int make_listener(int family, struct sockaddr_storage *at, socklen_t *len)
{
	const struct addr loopback = addr_loopback(family, 0);
	const int made = sys.socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (made < 0)
		return -errno;
	*len = addr_to_sockaddr(&loopback, at, family);
	if (__extension__ sys.bind(made, (struct sockaddr *)at, *len) || listen(made, 1) ||
	    __extension__ sys.getsockname(made, (struct sockaddr *)at, len)) {
		const int error = errno;
		sys.close(made);
		return -error;
	}
	return made;
}

/* The connection from `fd`, and no other that happens by. */
static int accept_from(int listener, int fd)
{
	struct endpoint own = {0}, peer = {0};
	socklen_t own_len = sizeof(own);

	if (__extension__ sys.getsockname(fd, &own.sa, &own_len))
		return -errno;
	const int64_t limit = clock_in_ms(ACCEPT_MS);
	for (;;) {
		socklen_t len = sizeof(peer);
		const int end = accept4(listener, &peer.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (end >= 0 && len == own_len && endpoint_equal(&own, &peer))
			return end;
		if (end >= 0)
			sys.close(end);
		if (end < 0 && clock_poll_ms(limit) == 0)
			return -ETIMEDOUT;
		if (end < 0)
			poll(&(struct pollfd){.fd = listener, .events = POLLIN}, 1, clock_poll_ms(limit));
	}
}

/* Let a session answer at `end`, which is closed if that cannot be. */
static int serve_at(int end, const struct app *app, const struct addr *server)
{
	const int fd = hidden_move(end);
	const int rc = fd < 0 ? -ENOBUFS : tcp_session_start(fd, app, server);

	if (rc)
		own_close(fd);
	return rc;
}

int dns_tcp_server(int fd, const struct app *app, const struct sockaddr *to, socklen_t len, bool direct)
{
	struct sockaddr_storage at;
	struct addr server = {0};
	socklen_t at_len;
	struct fd_entry *const entry = fd_entry_make(fd);

	if (!entry) /* a vfork child: its memory, and the engine, are its parent's */
		return -ENETUNREACH;
	if (direct)
		addr_from_sockaddr(&server, to, len);
	const int listener = make_listener(to->sa_family, &at, &at_len);
	if (listener < 0)
		return listener;
	const int rc = (int)sys_rc(sys_connect(fd, (struct sockaddr *)&at, at_len));
	const int end = rc == 0 || rc == -EINPROGRESS ? accept_from(listener, fd) : rc;
	sys.close(listener);
	const int failure = end < 0 ? end : serve_at(end, app, &server);
	if (failure)
		return failure;
	const struct endpoint asked = endpoint_from(to, len);
	fd_entry_connected(entry, fd, &asked);
	return rc;
}
