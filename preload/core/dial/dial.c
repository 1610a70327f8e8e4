/* dial: one connection along a way: connect to the first hop, then step the tunnel over the descriptor. */
#include "core/dial/dial.h"

#include <poll.h>
#include <pthread.h>

#include "core/base/log.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/base/clock.h"
#include "core/base/interrupt.h"

static __thread int cancelable = PTHREAD_CANCEL_ENABLE; /* while this thread waits */
static __thread int holds; /* more than one where a signal handler connects in the middle of a connect */

void dial_hold_cancel(void)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (holds++ == 0)
		cancelable = state;
}

void dial_release_cancel(void)
{
	if (--holds)
		return;
	pthread_setcancelstate(cancelable, NULL);
	cancelable = PTHREAD_CANCEL_ENABLE;
}

static size_t hops(const struct dial *d)
{
	return d->route->kind == ROUTE_CHAIN ? d->route->n : 0;
}

static void start(struct dial *d, const struct config *c, const struct route *route, const struct addr *target)
{
	d->target = *target;
	d->route = route;
	d->n_others = 0;
	d->connected = d->eager = false;
	d->first = hops(d) ? route->hops[0]->addr : *target;
	d->hop_timeout_ms = c->hop_timeout_ms;
	d->started = clock_now();
	d->deadline = d->started + (int64_t)c->timeout_ms * NS_PER_MS;
	d->hop_deadline = d->started + (int64_t)c->hop_timeout_ms * NS_PER_MS;
}

int dial_begin_ask(struct dial *d, const struct config *c, const struct route *route, enum command command, const struct addr *target)
{
	start(d, c, route, target);
	return tunnel_ask(&d->tunnel, route->hops, hops(d), command, &d->target);
}

int dial_begin(struct dial *d, const struct config *c, const struct route *route, const struct addr *target)
{
	return dial_begin_ask(d, c, route, COMMAND_CONNECT, target);
}

void dial_move(struct dial *to, const struct dial *from)
{
	*to = *from;
	/* The only pointers into a dial: the tunnel's last hop is asked for `target`. */
	to->tunnel.target = &to->target;
	if (to->tunnel.now.target == &from->target)
		to->tunnel.now.target = &to->target;
}

int dial_family(const struct dial *d, int family)
{
	const int wanted = addr_family(&d->first);

	return family == AF_INET6 && wanted == AF_INET ? AF_INET6 : wanted;
}

/* Failures of the proxy must not look like a closed port at the destination. */
static int failure(const struct dial *d, int error)
{
	if (!hops(d))
		return -error;
	switch (error) {
	case ECONNREFUSED:
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENOENT: /* a unix socket that is not there */
		return ERR_PROXY_DOWN;
	case ECONNRESET:
	case EPIPE:
		return ERR_PROXY_CLOSED;
	case ETIMEDOUT:
		return ERR_PROXY_SILENT;
	default:
		return -error;
	}
}

static int connect_first(struct dial *d, int fd)
{
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(&d->first, &to, d->family);

	if (!len)
		return ERR_PROXY_ADDRESS;
	if (d->family == AF_INET6 && d->first.kind == ADDR_IPV4)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	/* A blocking socket is nonblocking for the length of one call, because connect(2) knows no MSG_DONTWAIT. */
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags | O_NONBLOCK);
	const long rc = sys_rc(sys_connect(fd, (struct sockaddr *)&to, len));
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags);
	return rc == 0 || rc == -EINPROGRESS ? DIAL_WANT_WRITE : failure(d, (int)-rc);
}

/* `first` did not answer: on to the next of its addresses, if it has one. */
static int connect_others(struct dial *d, int fd, int rc)
{
	while (rc < 0 && d->n_others) {
		const struct sockaddr_in6 next = {
			.sin6_family = AF_INET6,
			.sin6_port = htons(d->first.port),
			.sin6_addr = d->others[--d->n_others],
		};
		addr_from_sockaddr(&d->first, (const struct sockaddr *)&next, sizeof(next));
		dial_disconnect(fd);
		const int tried = connect_first(d, fd);
		if (tried != ERR_PROXY_ADDRESS) /* this socket cannot reach that one */
			rc = tried;
	}
	return rc;
}

int dial_connect(struct dial *d, int fd, int family, int flags)
{
	d->family = family;
	d->flags = flags;
	return connect_others(d, fd, connect_first(d, fd));
}

void dial_disconnect(int fd)
{
	sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
}

/* The kernel notes as an error that we ended it. */
void dial_clear(int fd)
{
	int error;
	socklen_t len = sizeof(error);

	dial_disconnect(fd);
	sys.getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
}

static bool wait_more(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS || error == EALREADY;
}

/* A direct dial has nothing to send that would show whether the connection stands. */
static int step_direct(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int error = 0;

	if (__extension__ sys.getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		return DIAL_DONE;
	len = sizeof(error);
	sys.getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error ? -error : DIAL_WANT_WRITE;
}

static int step_send(struct dial *d, int fd, struct slice bytes)
{
	const ssize_t n = sys_send(fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return wait_more(errno) ? DIAL_WANT_WRITE : failure(d, errno);
	d->connected = true;
	tunnel_sent(&d->tunnel, (size_t)n);
	return d->eager || tunnel_unsent(&d->tunnel).len || tunnel_done(&d->tunnel) ? DIAL_DONE : DIAL_WANT_READ;
}

static int step_receive(struct dial *d, int fd)
{
	const struct slice room = tunnel_unread(&d->tunnel);
	const size_t at = d->tunnel.at;
	const ssize_t n = sys.recv(fd, room.at, room.len, MSG_DONTWAIT);

	if (n < 0)
		return wait_more(errno) ? DIAL_WANT_READ : failure(d, errno);
	if (n == 0)
		return ERR_PROXY_CLOSED;
	const int rc = tunnel_received(&d->tunnel, (size_t)n);
	if (d->tunnel.at != at)
		d->hop_deadline = clock_in_ms(d->hop_timeout_ms);
	return rc;
}

int dial_step(struct dial *d, int fd)
{
	int rc = DIAL_DONE;

	if (!hops(d))
		rc = step_direct(fd);
	while (rc == DIAL_DONE && !tunnel_done(&d->tunnel)) {
		const struct slice bytes = tunnel_unsent(&d->tunnel);
		rc = bytes.len ? step_send(d, fd, bytes) : step_receive(d, fd);
	}
	return d->connected ? rc : connect_others(d, fd, rc);
}

int64_t dial_limit(const struct dial *d)
{
	return hops(d) && d->hop_deadline < d->deadline ? d->hop_deadline : d->deadline;
}

int dial_overdue(const struct dial *d)
{
	return hops(d) && d->hop_deadline < d->deadline ? ERR_PROXY_SILENT : ERR_TIMED_OUT;
}

/* connect(2) is a cancellation point; what is done before and after the waiting must not be cut short. */
static int wait_cancelably(int fd, int want, int ms)
{
	struct pollfd p = {.fd = fd, .events = want == DIAL_WANT_READ ? POLLIN : POLLOUT};
	int state;

	pthread_setcancelstate(cancelable, &state);
	const int n = poll(&p, 1, ms);
	pthread_setcancelstate(state, NULL);
	return n;
}

int dial_wait(struct dial *d, int fd, int want, int64_t until)
{
	/* On loopback the connection stands by now. */
	if (want == DIAL_WANT_WRITE)
		want = dial_step(d, fd);
	while (want > DIAL_DONE) {
		const int64_t limit = dial_limit(d);
		const int left = clock_poll_ms(until < limit ? until : limit);
		if (left == 0)
			return until < limit ? -EINPROGRESS : dial_overdue(d);
		const int n = wait_cancelably(fd, want, left);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0 && interrupt_ends_calls())
			return -EINTR;
		if (n > 0)
			want = dial_step(d, fd);
	}
	return want;
}

int dial_open(struct dial *d, const struct config *c, const struct route *route, const struct addr *target)
{
	int rc = dial_begin(d, c, route, target);

	if (!rc && dial_needs_resolving(d))
		rc = dial_resolve(d, AF_UNSPEC);
	if (rc)
		return rc;
	const int family = dial_family(d, AF_UNSPEC);
	const int fd = sys.socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	rc = dial_wait(d, fd, dial_connect(d, fd, family, 0), INT64_MAX);
	if (rc) {
		sys.close(fd);
		return rc;
	}
	return fd;
}

void dial_report(const struct dial *d, int rc)
{
	const enum log_level level = rc && err_whose(rc) == ERR_OF_PROXY ? LOG_ERROR : LOG_INFO;

	if (!log_wants(level))
		return;
	TEXT(target, ADDR_TEXT);
	TEXT(hop, PROXY_TEXT);
	if (d->tunnel.command == COMMAND_ASSOCIATE)
		text_add(&target, "UDP");
	else
		addr_text(&d->target, &target);
	if (d->tunnel.at < hops(d))
		proxy_text(d->route->hops[d->tunnel.at], &hop);
	const bool asked = d->tunnel.command == COMMAND_RESOLVE || d->tunnel.command == COMMAND_RESOLVE_PTR;
	if (!rc)
		log_line(level, "%s '%s' via '%s' in %d ms", asked ? "resolved" : "connected to", target.at, d->route->name,
			 (int)((clock_now() - d->started) / NS_PER_MS));
	else
		log_line(level, "%s: '%s' via '%s'%s%s%s", err_text(rc), target.at, d->route->name,
			 hop.len ? " at '" : "", hop.at, hop.len ? "'" : "");
}
