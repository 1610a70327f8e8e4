/* SPDX-License-Identifier: MIT */
/* listen: decide by the program and the port. */
#include "cli/guard/listen.h"

#include <errno.h>

#include "cli/guard/guest.h"
#include "cli/guard/socket.h"
#include "core/base/err.h"
#include "core/base/sys.h"

static long judge(const struct notice *r, const struct guest_socket *s)
{
	const struct app *const app = guest_app(r);
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	const struct route *route;
	struct addr at;

	if (!app)
		return ERR_CONFIG;
	if (__extension__ sys.getsockname(s->fd, (struct sockaddr *)&own, &len) || !addr_from_sockaddr(&at, (struct sockaddr *)&own, len))
		return -EOPNOTSUPP;
	switch (decide_listen(app, at.port, &route)) {
	case LISTEN_LOCAL:
		return NOTICE_PASS;
	case LISTEN_BLOCK:
		return guest_refuse(r, &at, ERR_BLOCKED);
	default:
		return guest_refuse(r, &at, ERR_LISTEN);
	}
}

long listen_serve(const struct notice *r)
{
	struct guest_socket s;
	long rc = socket_take(&s, r, (int)r->arg[0]);

	if (rc == 0)
		rc = socket_is_inet(&s) ? judge(r, &s) : NOTICE_PASS;
	socket_drop(&s);
	return rc;
}
