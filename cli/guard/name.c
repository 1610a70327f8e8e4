/* SPDX-License-Identifier: MIT */
/* name: ask what is known of the socket, or have the proxy asked. */
#include "cli/guard/name.h"

#include <errno.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/take.h"
#include "cli/guard/listen/at_proxy.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"

/* Without an answer of the proxy's the kernel's name is the only one. */
static void serve_again(const struct notice *r, int rc)
{
	const long answer = rc ? NOTICE_PASS : name_serve(r);

	if (answer != NOTICE_LATER)
		notice_answer(r, answer);
}

/* Returns the port that a socket is bound to; 0 if it is connected, listens, is bound to none, or not in our network. */
static struct addr bound_to(const struct guest_socket *s)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	struct addr at = {0};

	if (!socket_is_elsewhere(s) && socket_state(s) == 0 && sys_getsockname(s->fd, (struct sockaddr *)&own, &len) == 0)
		addr_from_sockaddr(&at, (struct sockaddr *)&own, len);
	return at;
}

/* Some programs announce where they will listen before they do. */
static long ask(struct at_proxy_call *call)
{
	const struct addr at = bound_to(call->socket);

	call->app = at.port ? guest_app(call->notice) : NULL;
	if (!call->app || decide_listen(call->app, &at, &call->route) != LISTEN_PROXY)
		return NOTICE_PASS;
	const long rc = at_proxy_ask(call);
	return rc < 0 ? NOTICE_PASS : rc;
}

static long find(const struct notice *r, struct guest_socket *s, struct endpoint *name)
{
	struct at_proxy_call call = {.notice = r, .socket = s, .again = serve_again};

	if (bound_name_find(s->cookie, name))
		return 0;
	if (s->fd < 0) /* where nobody listens at a proxy */
		return NOTICE_PASS;
	const long rc = at_proxy_name(&call, name);
	return rc == NOTICE_PASS ? ask(&call) : rc;
}

long name_serve(const struct notice *r)
{
	struct guest_socket s;
	struct endpoint name;
	long rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	rc = socket_is_inet(&s) && socket_is_tcp(&s) ? find(r, &s, &name) : NOTICE_PASS;
	socket_drop(&s);
	return rc ? rc : guest_give(r, r->arg[1], r->arg[2], &name, endpoint_len(&name), true);
}

/* Here the address is of no account: nobody will come to it. */
static long bind_anywhere(const struct guest_socket *s, const struct addr *own)
{
	const struct addr any = {.kind = own->kind, .port = own->port};
	struct sockaddr_storage at;
	const socklen_t len = addr_to_sockaddr(&any, &at, s->family);

	return s->fd < 0 ? NOTICE_PASS : sys_rc(sys_bind(s->fd, (struct sockaddr *)&at, len));
}

static long judge(const struct notice *r, const struct guest_socket *s)
{
	struct sockaddr_storage at = {0};
	const uint32_t len = (uint32_t)r->arg[2];
	struct addr own;

	if (len > sizeof(at) || guest_read(r, &at, r->arg[1], len) || !addr_from_sockaddr(&own, (struct sockaddr *)&at, len))
		return NOTICE_PASS;
	return bound_name_is(&own) ? bind_anywhere(s, &own) : NOTICE_PASS;
}

long name_serve_bind(const struct notice *r)
{
	struct guest_socket s;
	long rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	rc = socket_is_inet(&s) && socket_is_tcp(&s) ? judge(r, &s) : NOTICE_PASS;
	socket_drop(&s);
	return rc;
}
