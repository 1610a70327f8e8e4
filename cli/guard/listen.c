/* SPDX-License-Identifier: MIT */
/* listen: decide by the program, and the port or the group. A value is copied once, and set from here on the command's own socket. */
#include "cli/guard/listen.h"

#include <errno.h>
#include <stddef.h>

#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/mirror.h"
#include "cli/guard/guest/socket.h"
#include "cli/guard/guest/take.h"
#include "cli/guard/listen/at_proxy.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/sys.h"
#include "core/route/membership.h"

static bool own_address(const struct guest_socket *s, struct addr *at)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);

	return __extension__ sys.getsockname(s->fd, (struct sockaddr *)&own, &len) == 0 &&
	       addr_from_sockaddr(at, (struct sockaddr *)&own, len);
}

/* The proxy has answered that it listens, or why not. */
static void serve_again(const struct notice *r, int rc)
{
	const long answer = rc ? rc : listen_serve(r);

	if (answer != NOTICE_LATER)
		notice_answer(r, answer);
}

static long at_proxy(const struct at_proxy_call *call, const struct addr *at)
{
	if (!socket_is_tcp(call->socket) || socket_state(call->socket))
		return NOTICE_PASS; /* the kernel has a word for that */
	if (socket_is_elsewhere(call->socket) && !mirror_has(call->socket))
		return guest_refuse(call->notice, at, -ENETUNREACH);
	const long rc = at_proxy_listen(call);
	return rc < 0 ? guest_refuse(call->notice, at, (int)rc) : rc;
}

static int refuse(const struct notice *r, const struct addr *at)
{
	guest_speak(r);
	log_line(LOG_INFO, "a rule lets no socket of this program listen on port %u", at->port);
	guest_hush();
	return ERR_BLOCKED;
}

static long judge(const struct notice *r, struct guest_socket *s)
{
	const struct app *const app = guest_app(r);
	const struct route *route;
	struct addr at;

	if (!app)
		return ERR_CONFIG;
	if (!own_address(s, &at)) /* we may only look at it, and so cannot decide */
		return guest_refuse(r, &(struct addr){.kind = s->family == AF_INET6 ? ADDR_IPV6 : ADDR_IPV4}, ERR_LISTEN);
	switch (decide_listen(app, &at, &route)) {
	case LISTEN_LOCAL:
		return NOTICE_PASS;
	case LISTEN_BLOCK:
		return refuse(r, &at);
	default:
		return at_proxy(&(struct at_proxy_call){r, s, app, route, serve_again}, &at);
	}
}

long listen_serve(const struct notice *r)
{
	struct guest_socket s;
	long rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc == 0)
		rc = socket_is_inet(&s) ? judge(r, &s) : NOTICE_PASS;
	socket_drop(&s);
	return rc;
}

enum { VALUE_MAX = 65536 };

/* A copy of a setsockopt(2)'s arguments. */
struct option {
	int level, name;
	socklen_t len;
	_Alignas(max_align_t) char value[VALUE_MAX];
};

static int read_option(struct option *o, const struct notice *r)
{
	o->level = (int)r->arg[1];
	o->name = (int)r->arg[2];
	o->len = (socklen_t)r->arg[4];
	return o->len > sizeof(o->value) ? -ENOBUFS : guest_read(r, o->value, r->arg[3], o->len);
}

/* Programs of 32 bits pad the structs that hold either family otherwise. */
static bool is_understood(const struct notice *r, const struct option *o)
{
	return membership_bytes(o->level, o->name, o->len) &&
	       !(call_is_narrow(r) && membership_bytes(o->level, o->name, o->len) == MEMBERSHIP_BYTES);
}

static uint16_t own_port(const struct guest_socket *s)
{
	struct addr at;

	return own_address(s, &at) ? at.port : 0;
}

static long judge_group(const struct notice *r, const struct guest_socket *s, const struct option *o)
{
	const struct app *const app = guest_app(r);
	struct membership m;

	if (!is_understood(r, o) || !app)
		return -ENODEV;
	if (!membership_read(&m, o->level, o->name, o->value, membership_bytes(o->level, o->name, o->len)))
		return -EINVAL;
	const int rc = membership_judge(app, &m, own_port(s));
	if (rc) {
		guest_refuse(r, &m.group, rc);
		return -ENODEV;
	}
	return s->fd < 0 ? -ENODEV : sys_rc(sys_setsockopt(s->fd, o->level, o->name, o->value, o->len));
}

long listen_serve_group(const struct notice *r)
{
	static struct option option;
	struct guest_socket s;
	long rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	rc = read_option(&option, r);
	if (rc == 0)
		rc = judge_group(r, &s, &option);
	socket_drop(&s);
	return rc;
}
