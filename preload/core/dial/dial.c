/* SPDX-License-Identifier: MIT */
/* dial: a state machine: connect the socket, exchange what the tunnel has to say, and start anew on the next address or path. */
#include "core/dial/dial.h"

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/sys.h"
#include "core/dial/ahead.h"
#include "core/dial/first.h"
#include "core/dial/report.h"
#include "core/dial/trace.h"
#include "core/route/helper.h"
#include "core/route/isolate.h"

enum { TRIAL_MIN = 250 * NS_PER_MS };

/* Where there are other paths, one hop must leave them time; and a connection that tries for all others whether a proxy is back must not pay
 * much if it is not. */
static int64_t hop_time(const struct dial *d)
{
	const bool all = d->path.route && d->hop_timeout_ms >= d->timeout_ms;
	const int64_t most = (int64_t)(all ? d->timeout_ms / 2 : d->hop_timeout_ms) * NS_PER_MS;
	const int64_t brief = most / 8 > TRIAL_MIN ? most / 8 : TRIAL_MIN;

	return d->path.on_trial && brief < most ? brief : most;
}

static void begin_hop(struct dial *d)
{
	d->heard = d->closed = false;
	d->hop_began = clock_now();
	d->hop_deadline = d->hop_began + hop_time(d);
}

/* Start on the current path. */
static int start_path(struct dial *d)
{
	d->first = d->path.n ? helper_address(d->path.hops[0]) : path_request(&d->path)->target;
	d->found.n = d->at = 0;
	d->looked_up = d->apart = d->no_route = d->in_turn = false;
	d->trial.hop = NULL;
	d->stage = DIAL_FRESH;
	begin_hop(d);
	d->started = d->hop_began;
	trace_path(d);
	return d->first.kind == ADDR_NONE ? ERR_PROXY_LAUNCHER : dial_ask(d);
}

/* Without a path the dial is over, but can be reported. */
static int begin(struct dial *d, const struct config *c, const struct route *route, bool found)
{
	d->route = route;
	d->eager = d->on_device = false;
	d->trial.hop = NULL;
	d->timeout_ms = c->timeout_ms;
	d->hop_timeout_ms = c->hop_timeout_ms;
	d->isolated = isolate_login(&d->login, c, path_request(&d->path)->command, &d->path.request.target);
	d->held = 0;
	d->began = clock_now();
	d->deadline = d->began + (int64_t)d->timeout_ms * NS_PER_MS;
	dial_on(d, AF_UNSPEC, O_NONBLOCK);
	d->tunnel.at = 0;
	d->tunnel.command = path_request(&d->path)->command;
	if (!found)
		return ERR_PROXY_DOWN;
	const int rc = start_path(d);
	return rc ? dial_failed(d, -1, rc) : 0;
}

int dial_begin_along(struct dial *d, const struct config *c, const struct route *route, const struct proxy *const *hops, size_t n,
		     enum command command, const struct addr *target)
{
	path_pin(&d->path, hops, n, command, target);
	return begin(d, c, route, true);
}

int dial_begin(struct dial *d, const struct config *c, const struct route *route, enum command command, const struct addr *target)
{
	return begin(d, c, route, path_begin(&d->path, route, command, target));
}

void dial_instead(struct dial *d, enum command command, const struct addr *target)
{
	d->path.instead = (struct request){command, *target};
}

void dial_move(struct dial *to, const struct dial *from)
{
	*to = *from;
	/* Only these point into a dial: the tunnel leads along the path, asks the last hop for the target, and gives hops the login. */
	to->tunnel.hops = to->path.hops;
	to->tunnel.target = &path_request(&to->path)->target;
	to->manner.login = to->tunnel.manner.login = to->isolated ? &to->login : NULL;
	if (to->tunnel.now.errand.login)
		to->tunnel.now.errand.login = &to->login;
	if (to->tunnel.now.errand.target == &path_request(&from->path)->target)
		to->tunnel.now.errand.target = to->tunnel.target;
}

void dial_hold(struct dial *d, int64_t until)
{
	d->held = until;
}

void dial_release(struct dial *d)
{
	d->held = 0;
	begin_hop(d);
	d->began = d->started = d->hop_began;
	d->deadline = d->began + (int64_t)d->timeout_ms * NS_PER_MS;
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

/* The address where the peer is to come is known by now, so no other proxy will do. */
int dial_await_peer(struct dial *d)
{
	d->path.route = NULL;
	d->path.instead.command = 0;
	d->deadline = d->hop_deadline = INT64_MAX;
	d->stage = DIAL_ANSWERED;
	return tunnel_again(&d->tunnel);
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

	if (sys_getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		return DIAL_DONE;
	len = sizeof(error);
	sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error ? -error : DIAL_WRITE;
}

static int step_send(struct dial *d, int fd, struct slice bytes)
{
	const bool whole = d->tunnel.now.sent == 0;
	const ssize_t n = sys_send(fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return wait_more(errno) ? DIAL_WRITE : dial_error(d, errno);
	if (whole)
		trace_message(d, bytes);
	d->stage = DIAL_ANSWERED;
	tunnel_sent(&d->tunnel, (size_t)n);
	ahead_sent(d);
	return d->eager || tunnel_unsent(&d->tunnel).len || tunnel_done(&d->tunnel) ? DIAL_DONE : DIAL_READ;
}

/* The hop's first word shows how fast it is; later ones may have waited for others. */
static void hear(struct dial *d)
{
	if (!d->heard)
		d->hop_took = clock_now() - d->hop_began;
	d->heard = true;
}

static int step_receive(struct dial *d, int fd)
{
	const struct slice room = tunnel_unread(&d->tunnel);
	const size_t at = d->tunnel.at;
	const ssize_t n = sys.recv(fd, room.at, room.len, MSG_DONTWAIT);

	if (n < 0 && errno != ECONNRESET)
		return wait_more(errno) ? DIAL_READ : dial_error(d, errno);
	if (n <= 0) {
		d->closed = true;
		return tunnel_closed(&d->tunnel);
	}
	d->stage = DIAL_ANSWERED; /* what was sent may have gone out with the SYN */
	hear(d);
	trace_answer(d, (struct slice){room.at, (size_t)n});
	const int rc = tunnel_received(&d->tunnel, (size_t)n);
	if (rc == 0)
		ahead_heard(d, at);
	if (rc == 0 && d->tunnel.at != at) {
		trace_hop(d, at);
		path_answered(&d->path, at, d->hop_took);
		begin_hop(d);
	}
	return rc;
}

/* Before the first message, what it says may still change. */
static struct slice next_message(struct dial *d, int fd)
{
	if (d->stage == DIAL_BEGUN && !d->tunnel.now.sent)
		ahead_choose(d, fd);
	return tunnel_unsent(&d->tunnel);
}

static int step(struct dial *d, int fd)
{
	int rc = d->path.n ? DIAL_DONE : step_direct(fd);

	while (rc == DIAL_DONE && !tunnel_done(&d->tunnel)) {
		const struct slice bytes = next_message(d, fd);
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
		rc = dial_connect(d, fd);
	}
	if (rc == DIAL_SOCKET) {
		d->stage = DIAL_FRESH;
		return rc;
	}
	if (rc >= 0)
		rc = step(d, fd);
	return d->stage == DIAL_BEGUN ? dial_connect_others(d, fd, rc) : rc;
}

struct setback dial_setback(const struct dial *d, int rc)
{
	return (struct setback){
		.rc = rc,
		.at = d->tunnel.at,
		.n = d->path.n,
		.requested = tunnel_requested(&d->tunnel),
		.heard = d->heard,
		.closed = d->closed,
		.no_route = d->no_route,
		.late = clock_now() >= d->deadline,
		.since = d->started,
	};
}

/* A unix socket cannot be connected twice, nor any other that was one. */
static void leave_path(struct dial *d, int fd)
{
	if (fd >= 0)
		dial_disconnect(fd);
	if (d->family == AF_UNIX)
		d->family = AF_UNSPEC;
	/* The last hop is asked again on the same path: the time for that begins anew. */
	if (d->path.otherwise)
		d->deadline = clock_in_ms(d->timeout_ms);
}

/* Go the same way again. */
static int start_again(struct dial *d, int fd)
{
	leave_path(d, fd);
	d->stage = DIAL_FRESH;
	begin_hop(d);
	d->started = d->hop_began;
	return dial_ask(d);
}

int dial_failed(struct dial *d, int fd, int rc)
{
	if (ahead_gives_up(d, rc))
		return start_again(d, fd);
	do {
		const struct setback s = dial_setback(d, rc);
		const struct attempt a = dial_attempt(d);
		const bool another = path_next(&d->path, &s);
		const int verdict = path_verdict(&d->path, rc);
		if (another || verdict != rc) /* the owner reports the verdict */
			dial_report_attempt(d, &a, rc);
		if (!another)
			return verdict;
		leave_path(d, fd);
		rc = start_path(d);
	} while (rc);
	return 0;
}

int dial_next(struct dial *d, int fd)
{
	int rc;

	do
		rc = go_on(d, fd);
	while (rc < 0 && (rc = dial_failed(d, fd, rc)) == 0);
	return rc;
}
