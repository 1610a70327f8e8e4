/* SPDX-License-Identifier: MIT */
/* dial: a state machine: connect the socket, exchange what the tunnel has to say, and start anew on the next address or path. */
#include "core/dial/dial.h"

#include <net/if.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/names/origin.h"
#include "core/route/isolate.h"

static int ask(struct dial *d)
{
	return tunnel_ask(&d->tunnel, d->path.hops, d->path.n, d->isolated ? &d->login : NULL, d->path.request.command,
			  &d->path.request.target);
}

/* Start on the current path; each path has the full time. */
static int start_path(struct dial *d)
{
	d->stage = DIAL_FRESH;
	d->started = clock_now();
	d->deadline = d->started + (int64_t)d->timeout_ms * NS_PER_MS;
	d->hop_deadline = d->started + (int64_t)d->hop_timeout_ms * NS_PER_MS;
	return ask(d);
}

int dial_begin_part(struct dial *d, const struct config *c, const struct route *route, size_t hops, enum command command,
		    const struct addr *target)
{
	d->path = path_along(route, hops, command, target);
	d->route = route;
	d->first = hops ? route->hops[0]->addr : *target;
	d->found.n = d->at = 0;
	d->looked_up = d->eager = d->on_device = d->apart = false;
	d->timeout_ms = c->timeout_ms;
	d->hop_timeout_ms = c->hop_timeout_ms;
	d->isolated = isolate_login(&d->login, c, command, target);
	dial_on(d, AF_UNSPEC, O_NONBLOCK);
	return start_path(d);
}

int dial_begin(struct dial *d, const struct config *c, const struct route *route, enum command command, const struct addr *target)
{
	return dial_begin_part(d, c, route, route->kind == ROUTE_CHAIN ? route->n : 0, command, target);
}

void dial_instead(struct dial *d, enum command command, const struct addr *target)
{
	d->path.instead = (struct request){command, *target};
}

void dial_move(struct dial *to, const struct dial *from)
{
	*to = *from;
	/* Only these point into a dial: the tunnel asks its last hop for the target, and gives hops the login. */
	to->tunnel.target = &to->path.request.target;
	to->tunnel.login = to->isolated ? &to->login : NULL;
	if (to->tunnel.now.errand.login)
		to->tunnel.now.errand.login = &to->login;
	if (to->tunnel.now.errand.target == &from->path.request.target)
		to->tunnel.now.errand.target = &to->path.request.target;
}

void dial_on(struct dial *d, int family, int flags)
{
	d->family = family;
	d->flags = flags;
}

void dial_on_device(struct dial *d)
{
	d->on_device = true;
}

int dial_family(const struct dial *d)
{
	const int wanted = addr_family(&d->first);

	return d->family == AF_INET6 && wanted == AF_INET && !d->apart ? AF_INET6 : wanted;
}

/* Translate an errno, because a proxy's failure must not look like a closed port at the destination. */
static int failure(const struct dial *d, int error)
{
	if (!d->path.n)
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

/* True if the device that the socket is bound to leads elsewhere than to this machine: the kernel would send SYNs out of it for minutes. */
static bool leaves_machine(int fd)
{
	struct ifreq device = {0};
	socklen_t len = sizeof(device.ifr_name);

	return sys.getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device.ifr_name, &len) == 0 && len > 0 &&
	       sys.ioctl(fd, SIOCGIFFLAGS, &device) == 0 && !(device.ifr_flags & IFF_LOOPBACK);
}

/* An IPv6 socket that is bound to an address has no way to an IPv4 one. Another socket has: the proxy is not what it was bound for. */
static bool needs_another(struct dial *d, long rc)
{
	if (rc != -ENETUNREACH || !d->path.n || d->family != AF_INET6 || d->first.kind != ADDR_IPV4 || d->apart)
		return false;
	d->apart = true;
	return true;
}

/* If the kernel holds the proxy's cookie, the first message goes out with the SYN; else this is a connect(2). TCP_FASTOPEN_CONNECT would stay
 * set on the program's socket. */
static long open_fast(struct dial *d, int fd, const struct sockaddr *to, socklen_t len)
{
	const struct slice bytes = tunnel_unsent(&d->tunnel);

	if (!d->path.n || !d->path.hops[0]->fast_open || d->first.kind == ADDR_UNIX)
		return -EOPNOTSUPP;
	const long n = sys_rc(sys_sendto(fd, bytes.at, bytes.len, MSG_FASTOPEN | MSG_DONTWAIT | MSG_NOSIGNAL, to, len));
	if (n > 0)
		tunnel_sent(&d->tunnel, (size_t)n);
	return n > 0 ? 0 : n;
}

/* A blocking socket is nonblocking for the length of one call, because connect(2) knows no MSG_DONTWAIT. */
static long open_plain(const struct dial *d, int fd, const struct sockaddr *to, socklen_t len)
{
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags | O_NONBLOCK);
	const long rc = sys_rc(sys_connect(fd, to, len));
	if (!(d->flags & O_NONBLOCK))
		sys.fcntl(fd, F_SETFL, d->flags);
	return rc;
}

static int connect_first(struct dial *d, int fd)
{
	struct sockaddr_storage to;
	const socklen_t len = addr_to_sockaddr(&d->first, &to, d->family);

	if (!len)
		return ERR_PROXY_ADDRESS;
	if (d->on_device && addr_is_loopback(&d->first) && leaves_machine(fd))
		return failure(d, ENETUNREACH);
	if (d->family == AF_INET6 && d->first.kind == ADDR_IPV4)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	long rc = open_fast(d, fd, (struct sockaddr *)&to, len);
	if (rc == -EOPNOTSUPP)
		rc = open_plain(d, fd, (struct sockaddr *)&to, len);
	if (needs_another(d, rc))
		return DIAL_SOCKET;
	return rc == 0 || rc == -EINPROGRESS ? DIAL_WRITE : failure(d, (int)-rc);
}

static void use_address(struct dial *d, int i)
{
	d->first = lookup_address(&d->found, i, d->first.port);
	d->at = i;
}

void dial_found(struct dial *d, const struct addresses *found)
{
	d->found = *found;
	d->looked_up = true;
	if (found->n)
		use_address(d, lookup_first(found, d->family));
}

/* After a failed connect, try the other addresses of `first`. */
static int connect_others(struct dial *d, int fd, int rc)
{
	while (rc < 0 && d->at + 1 < d->found.n) {
		use_address(d, d->at + 1);
		dial_disconnect(fd);
		ask(d);
		const int tried = connect_first(d, fd);
		if (tried != ERR_PROXY_ADDRESS) /* this socket cannot reach that address */
			rc = tried;
	}
	return rc;
}

void dial_disconnect(int fd)
{
	sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
}

/* The kernel records our disconnect as an error, so read that. */
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

/* Ask the kernel whether a direct dial has connected, as there is nothing to send that would show it. */
static int step_direct(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int error = 0;

	if (__extension__ sys.getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		return DIAL_DONE;
	len = sizeof(error);
	sys.getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error ? -error : DIAL_WRITE;
}

static int step_send(struct dial *d, int fd, struct slice bytes)
{
	const ssize_t n = sys_send(fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return wait_more(errno) ? DIAL_WRITE : failure(d, errno);
	d->stage = DIAL_ANSWERED;
	tunnel_sent(&d->tunnel, (size_t)n);
	return d->eager || tunnel_unsent(&d->tunnel).len || tunnel_done(&d->tunnel) ? DIAL_DONE : DIAL_READ;
}

static int step_receive(struct dial *d, int fd)
{
	const struct slice room = tunnel_unread(&d->tunnel);
	const size_t at = d->tunnel.at;
	const ssize_t n = sys.recv(fd, room.at, room.len, MSG_DONTWAIT);

	if (n < 0 && errno != ECONNRESET)
		return wait_more(errno) ? DIAL_READ : failure(d, errno);
	if (n <= 0)
		return tunnel_closed(&d->tunnel);
	d->stage = DIAL_ANSWERED; /* what was sent may have gone out with the SYN */
	const int rc = tunnel_received(&d->tunnel, (size_t)n);
	if (d->tunnel.at != at)
		d->hop_deadline = clock_in_ms(d->hop_timeout_ms);
	return rc;
}

static int step(struct dial *d, int fd)
{
	int rc = d->path.n ? DIAL_DONE : step_direct(fd);

	while (rc == DIAL_DONE && !tunnel_done(&d->tunnel)) {
		const struct slice bytes = tunnel_unsent(&d->tunnel);
		rc = bytes.len ? step_send(d, fd, bytes) : step_receive(d, fd);
	}
	if (rc == DIAL_DONE)
		d->stage = DIAL_STANDS;
	return rc;
}

/* Step at once after the connect: on loopback it has succeeded by then. */
static int go_on(struct dial *d, int fd)
{
	int rc = DIAL_DONE;

	if (d->stage == DIAL_STANDS)
		return DIAL_DONE;
	if (d->first.kind == ADDR_NAME)
		return !d->looked_up ? DIAL_NAME : d->path.n ? ERR_PROXY_NAME : ERR_TARGET_NAME;
	if (fd < 0 || dial_family(d) != d->family)
		return DIAL_SOCKET;
	if (d->stage == DIAL_FRESH) {
		d->stage = DIAL_BEGUN;
		rc = connect_first(d, fd);
	}
	if (rc == DIAL_SOCKET) {
		d->stage = DIAL_FRESH;
		return rc;
	}
	if (rc >= 0)
		rc = step(d, fd);
	return d->stage == DIAL_BEGUN ? connect_others(d, fd, rc) : rc;
}

int dial_failed(struct dial *d, int fd, int rc)
{
	struct path next = d->path;

	if (!path_next(&next, tunnel_requested(&d->tunnel)))
		return rc;
	dial_report(d, rc);
	d->path = next;
	dial_disconnect(fd);
	return start_path(d);
}

int dial_next(struct dial *d, int fd)
{
	int rc;

	do
		rc = go_on(d, fd);
	while (rc < 0 && (rc = dial_failed(d, fd, rc)) == 0);
	return rc;
}

int64_t dial_limit(const struct dial *d)
{
	const bool hop = d->path.n && d->stage != DIAL_STANDS && !tunnel_awaits_target(&d->tunnel);

	return hop && d->hop_deadline < d->deadline ? d->hop_deadline : d->deadline;
}

int dial_overdue(struct dial *d)
{
	const bool over = dial_limit(d) == d->deadline && !tunnel_awaits_target(&d->tunnel);

	return over ? ERR_TIMED_OUT : tunnel_overdue(&d->tunnel);
}

/* Append the address, and the name that a DNS server gave it for. */
static void add_target(struct text *t, const struct addr *target)
{
	struct addr name;

	addr_text(target, t);
	if (target->kind != ADDR_NAME && origin_get(target, &name))
		text_add(t, " (%s)", name.name);
}

void dial_report(const struct dial *d, int rc)
{
	const enum log_level level = rc && err_whose(rc) == ERR_OF_PROXY ? LOG_ERROR : LOG_INFO;

	if (!log_wants(level))
		return;
	SCRATCH_TEXT(target, 2 * ADDR_TEXT);
	SCRATCH_TEXT(hop, PROXY_TEXT);
	struct addr bound;
	if (rc == ERR_PROXY_RELAY && tunnel_bound(&d->tunnel, &bound))
		addr_text(&bound, &target);
	else if (d->tunnel.command == COMMAND_ASSOCIATE)
		text_add(&target, "UDP");
	else
		add_target(&target, &d->path.request.target);
	if (d->tunnel.at < d->path.n)
		proxy_text(d->path.hops[d->tunnel.at], &hop);
	const bool asked = d->tunnel.command == COMMAND_RESOLVE || d->tunnel.command == COMMAND_RESOLVE_PTR;
	if (!rc)
		log_line(level, "%s '%s' via '%s' in %d ms", asked ? "resolved" : "connected to", target.at, d->route->name,
			 (int)((clock_now() - d->started) / NS_PER_MS));
	else
		log_line(level, "%s: '%s' via '%s'%s%s%s", err_text(rc), target.at, d->route->name, hop.len ? " at '" : "", hop.at,
			 hop.len ? "'" : "");
}
