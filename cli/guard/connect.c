/* SPDX-License-Identifier: MIT */
/* connect: read the address once, look at the socket, and decide. */
#include "cli/guard/connect.h"

#include <errno.h>
#include <fcntl.h>

#include "cli/guard/datagram/forward.h"
#include "cli/guard/datagram/nameserver.h"
#include "cli/guard/datagram/reflect.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/mirror.h"
#include "cli/guard/guest/take.h"
#include "cli/guard/guest/trusted.h"
#include "cli/guard/listen/at_proxy.h"
#include "cli/guard/local.h"
#include "cli/guard/stream/carry.h"
#include "cli/guard/stream/memo.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/dns/tcp_session.h"
#include "core/journal/dials.h"
#include "core/journal/journal.h"

/* The address of a connect(2). */
struct destination_of {
	struct sockaddr_storage at;
	socklen_t len;
	struct addr addr;
};

static int read_address(const struct notice *r, struct destination_of *to)
{
	const int len = (int)r->arg[2];

	*to = (struct destination_of){.len = (socklen_t)len};
	if (len < 0 || (size_t)len > sizeof(to->at))
		return -EINVAL;
	return guest_read(r, &to->at, r->arg[1], (size_t)len);
}

/* Take away the peer. The kernel does the rest: nothing is sent to anybody. */
static long dissolve(const struct notice *r, struct guest_socket *s, const struct destination_of *to)
{
	carry_abandon(s);
	forward_drop(s);
	const int rc = take_whole(s, r, (int)r->arg[0]);
	return rc ? rc : socket_connect(s, (const struct sockaddr *)&to->at, to->len);
}

/* From now on the peer is another than the kernel knows. */
static long seems_connected(const struct guest_socket *s, const struct destination_of *to)
{
	memo_make(s->cookie)->peer = endpoint_from((const struct sockaddr *)&to->at, to->len);
	return 0;
}

/* Let the command ask a DNS server by TCP: us. `direct`: the server that it means goes directly. */
static long name_session(const struct guest_socket *s, const struct app *app, const struct destination_of *to, bool direct)
{
	const struct addr none = {0};
	int end, rc = socket_join(s, 0, &end);

	if (rc == 0)
		rc = tcp_session_start(end, app, direct ? &to->addr : &none);
	if (rc) {
		own_close(end);
		return rc;
	}
	return seems_connected(s, to);
}

static int datagrams_directly(const struct notice *r, struct guest_socket *s, const struct destination_of *to)
{
	const int rc = mirror_has(s) ? reflect_undo(r, s) : 0;

	return rc ? rc : socket_connect(s, (const struct sockaddr *)&to->at, to->len);
}

static int directly(const struct guest_socket *s, const struct app *app, const struct destination_of *to)
{
	const int rc = socket_connect(s, (const struct sockaddr *)&to->at, to->len);

	journal_use(app->program);
	journal_direct(&to->addr, s->fd, rc);
	return rc;
}

/* True if the caller must not wait, or others could look at its socket while it does. */
static bool is_relayed(const struct notice *r, const struct guest_socket *s, const struct app *app)
{
	if (app->config->guard_reply != GUARD_REPLY_AUTO)
		return app->config->guard_reply == GUARD_REPLY_RELAY;
	return !guest_is_go(app) && (s->flags & O_NONBLOCK || socket_patience(s) || guest_may_look(r));
}

static long stream(const struct notice *r, struct guest_socket *s, const struct app *app, struct destination_of *to)
{
	struct verdict v;
	struct addr target = to->addr;
	long rc = carry_join(r, s);

	if (rc != NOTICE_PASS)
		return rc;
	rc = take_whole(s, r, (int)r->arg[0]);
	if (rc == 0)
		rc = socket_state(s);
	if (rc == 0)
		rc = trusted_decide(r, s, app, &target, false, &v);
	if (rc)
		return rc < -4095 ? guest_refuse(r, &target, (int)rc) : rc;
	at_proxy_leave(s);
	const bool plain = v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME;
	if (plain && s->flags & O_NONBLOCK)
		return carry_tell(r, s, directly(s, app, to));
	if (!plain && socket_is_elsewhere(s))
		return guest_refuse(r, &target, -ENETUNREACH);
	if (v.route->kind == ROUTE_HERE)
		return name_session(s, app, to, v.chosen->kind == ROUTE_DIRECT);
	/* Without a proxy nothing is on the socket that nobody may see. */
	return carry_start(&(struct carry_call){r, s, app, v.route, &target, endpoint_from((struct sockaddr *)&to->at, to->len),
						is_relayed(r, s, app) && (!plain || socket_patience(s))});
}

/* Let it ask a DNS server: us. */
static int queries(const struct guest_socket *s, const struct app *app, const struct destination_of *to, const struct addr *server,
		   const struct verdict *v)
{
	if (!mirror_has(s))
		return nameserver_connect(s, app, server, v);
	const int rc = nameserver_hear(s, app, server, v);
	return rc ? rc : socket_connect(s, (const struct sockaddr *)&to->at, to->len);
}

/* Give a datagram socket its peer: us, for a name server as for what goes through a chain. */
static long datagrams(const struct notice *r, struct guest_socket *s, const struct app *app, const struct destination_of *to,
		      const struct addr *target, const struct verdict *v)
{
	if (socket_is_elsewhere(s) && !mirror_has(s))
		return guest_refuse(r, target, -ENETUNREACH);
	const struct endpoint peer = endpoint_from((const struct sockaddr *)&to->at, to->len);
	const struct forward_call call = {.notice = r, .socket = s, .app = app, .route = v->route, .target = target, .to = peer};
	const int rc = v->route->kind == ROUTE_DIRECT ? -EHOSTUNREACH
		       : v->route->kind == ROUTE_HERE ? queries(s, app, to, target, v)
						      : forward_connect(&call);
	return rc ? guest_refuse(r, target, rc) : seems_connected(s, to);
}

/* A socket that is not TCP. */
static long other(const struct notice *r, struct guest_socket *s, const struct app *app, const struct destination_of *to)
{
	struct verdict v;
	struct addr target = to->addr;
	int rc = take_whole(s, r, (int)r->arg[0]);

	if (rc == 0)
		rc = trusted_decide(r, s, app, &target, true, &v);
	if (rc)
		return guest_refuse(r, &target, rc);
	if (v.route->kind != ROUTE_CHAIN)
		forward_drop(s);
	memo_drop(s->cookie);
	if (v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME)
		return datagrams_directly(r, s, to);
	return socket_is_udp(s) ? datagrams(r, s, app, to, &target, &v) : guest_refuse(r, &target, ERR_RAW);
}

/* Remember that the socket's call was served: peer_serve_error() tells it from one that never came to us. */
static long served(const struct guest_socket *s, long rc)
{
	if (!memo_find(s->cookie))
		memo_make(s->cookie);
	return rc;
}

static long inet(const struct notice *r, struct guest_socket *s, struct destination_of *to)
{
	const struct app *const app = guest_app(r);

	journal_look();
	if (to->len >= sizeof(to->at.ss_family) && to->at.ss_family == AF_UNSPEC)
		return dissolve(r, s, to);
	if (!addr_from_sockaddr(&to->addr, (struct sockaddr *)&to->at, to->len) || to->addr.kind == ADDR_UNIX)
		return to->len < sizeof(struct sockaddr_in) ? -EINVAL : -EAFNOSUPPORT;
	if (!app)
		return -EACCES;
	if (socket_is_tcp(s) && to->at.ss_family != s->family)
		return -EAFNOSUPPORT;
	return socket_is_tcp(s) ? stream(r, s, app, to) : other(r, s, app, to);
}

long connect_serve(const struct notice *r)
{
	struct destination_of to;
	struct guest_socket s;
	int rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	const bool is_inet = socket_is_inet(&s);
	rc = is_inet || socket_is_local(&s) ? read_address(r, &to) : -EOPNOTSUPP;
	const long answer = rc ? rc : is_inet ? served(&s, inet(r, &s, &to)) : local_serve(r, &s, (struct sockaddr *)&to.at, to.len);
	socket_drop(&s);
	return answer;
}
