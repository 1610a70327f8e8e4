/* SPDX-License-Identifier: MIT */
/* at_proxy: have a stand at the proxy, then put an entrance under the program's number. */
#include "cli/guard/listen/at_proxy.h"

#include <stdlib.h>

#include "cli/guard/guest/mirror.h"
#include "cli/guard/guest/swap.h"
#include "cli/guard/listen/entrance.h"
#include "cli/guard/listen/stand.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"

static long wait_for_answer(struct stand *p, const struct at_proxy_call *call)
{
	const int rc = stand_wait(p, call->notice, call->again);

	return rc ? rc : NOTICE_LATER;
}

static long begin(const struct at_proxy_call *call)
{
	if (!entrance_is_possible())
		return ERR_LISTEN;
	struct stand *const p = stand_make(call->socket, call->app, call->route, call->notice);
	const long rc = p ? wait_for_answer(p, call) : -ENOBUFS;

	if (rc != NOTICE_LATER) {
		free(p);
		return rc;
	}
	stand_begin(p);
	return rc;
}

/* Put the entrance in the place of the program's socket, and open it. Returns 0 or -errno. */
static int open_entrance(struct stand *p, const struct at_proxy_call *call)
{
	struct guest_socket *const s = call->socket;
	const int fd = entrance_make(s, &p->name), old = fd < 0 ? fd : swap_sockets(call->notice, s, fd);

	if (old < 0) {
		own_close(fd);
		return old;
	}
	own_close(old);
	p->cookie = s->cookie;
	const int rc = socket_address(s->fd, &p->bound);
	return rc ? rc : (int)sys_rc(sys_listen(s->fd, (int)call->notice->arg[1]));
}

static int start(struct stand *p, const struct at_proxy_call *call)
{
	const int rc = open_entrance(p, call);

	if (rc) {
		stand_leave(p);
		return rc;
	}
	stand_open(p);
	return 0;
}

long at_proxy_listen(const struct at_proxy_call *call)
{
	struct stand *p = stand_of(call->socket);

	if (p && p->listens) { /* not any more: it was shut down */
		stand_leave(p);
		p = NULL;
	}
	if (!p)
		return begin(call);
	return p->asking ? wait_for_answer(p, call) : start(p, call);
}

long at_proxy_ask(const struct at_proxy_call *call)
{
	return begin(call);
}

static long name_of_peers(const struct guest_socket *s, struct endpoint *name)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (!mirror_has(s) || __extension__ sys.getpeername(s->fd, (struct sockaddr *)&at, &len))
		return NOTICE_PASS;
	const struct endpoint peer = endpoint_from((struct sockaddr *)&at, len);
	return entrance_name(&peer, name) ? 0 : NOTICE_PASS;
}

long at_proxy_name(const struct at_proxy_call *call, struct endpoint *name)
{
	struct stand *const p = stand_of(call->socket);

	if (!p)
		return name_of_peers(call->socket, name);
	if (p->asking)
		return wait_for_answer(p, call);
	*name = p->name;
	return 0;
}

void at_proxy_leave(const struct guest_socket *s)
{
	struct stand *const p = stand_of(s);

	if (p)
		stand_leave(p);
}
