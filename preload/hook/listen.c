/* SPDX-License-Identifier: MIT */
/* listen: where a socket listens, and who is accepted: on this machine, unless `listen` says that the proxy does it. */
#include <errno.h>
#include <netinet/tcp.h>

#include "core/base/caller.h"
#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/dial/bound_name.h"
#include "hook/hook.h"
#include "hook/listen.h"
#include "listen/host.h"
#include "listen/listener.h"
#include "listen/succession.h"

static bool is_tcp(int fd)
{
	const int family = sys_option(fd, SO_DOMAIN);

	return (family == AF_INET || family == AF_INET6) && sys_option(fd, SO_PROTOCOL) == IPPROTO_TCP;
}

/* Returns where the socket is bound to: ADDR_NONE, port 0, if it is to nothing. */
static struct addr bound_to(int fd)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	struct addr at;

	if (sys_getsockname(fd, (struct sockaddr *)&own, &len) || !addr_from_sockaddr(&at, (struct sockaddr *)&own, len))
		return (struct addr){0};
	return at;
}

static uint16_t bound_port(int fd)
{
	return bound_to(fd).port;
}

static bool is_idle(int fd)
{
	uint8_t state; /* tcpi_state, the first octet of struct tcp_info */
	socklen_t len = sizeof(state);

	return sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &len) == 0 && state == TCP_CLOSE;
}

struct fd_entry *listening_entry(int fd)
{
	struct fd_entry *const entry = bound_name_used ? fd_entry_find(fd) : NULL;

	if (!entry || !fd_entry_is(entry, FD_LISTENING) || fd_table_foreign())
		return NULL;
	return listener_verify(entry, fd) ? entry : NULL;
}

static bool is_listening(int fd)
{
	return sys_option(fd, SO_ACCEPTCONN) > 0;
}

/* The same; or of a socket that listens at the proxy by another process, which is asked. */
static struct fd_entry *inherited_entry(int fd)
{
	const int saved = errno;
	struct fd_entry *entry = listening_entry(fd);

	if (!entry && is_listening(fd)) {
		const struct app *const a = app_enter();
		const bool able = a && a->config && bound_name_used && !fd_table_foreign();
		entry = able ? listener_inherit(fd, a) : NULL;
	}
	errno = saved;
	return entry;
}

/* Have the proxy listen, if that is where this socket does. Returns its entry; NULL with 0 in `rc` if the kernel is to listen, or with an
 * err. What the socket is, is asked before whether it listens there: if not, the answer was not that of the socket on loopback, which another
 * thread may put in place at any time. */
static struct fd_entry *bind_at_proxy(const struct app *a, int fd, int *rc)
{
	const struct route *route;
	const bool able = is_tcp(fd) && is_idle(fd);
	const struct addr own = bound_to(fd);
	struct fd_entry *entry = listening_entry(fd);

	*rc = 0;
	if (entry || !able || fd_table_foreign())
		return entry;
	const enum listen_mode mode = decide_listen(a, &own, &route);
	if (mode == LISTEN_BLOCK)
		*rc = ERR_BLOCKED;
	if (mode != LISTEN_PROXY)
		return NULL;
	entry = fd_entry_make(fd);
	*rc = entry ? listener_bind(fd, entry, a, route) : -ENOBUFS;
	return *rc ? NULL : entry;
}

static int listen_with(const struct app *a, int fd, int backlog)
{
	int rc;
	struct fd_entry *const entry = bind_at_proxy(a, fd, &rc);

	if (rc == ERR_BLOCKED)
		log_line(LOG_INFO, "a rule lets no socket of this program listen on port %u", bound_port(fd));
	if (rc)
		return rc;
	return entry ? listener_start(fd, entry, backlog) : (int)sys_rc(sys_listen(fd, backlog));
}

int listen(int fd, int backlog)
{
	const int saved = errno;
	const struct app *const a = app_enter();

	if (!a || !a->config || !bound_name_used)
		return sys_listen(fd, backlog);
	return (int)hook_result(listen_with(a, fd, backlog), saved);
}

/* A proxied connection whose proxy has not named its address. Who listens there asks for it to announce it, and the machine's own is no
 * business of the far side's. */
static bool find_host(const struct app *a, int fd, struct endpoint *name)
{
	struct fd_entry *const entry = fd_entry_find(fd);
	const struct route *route;

	if (!entry || !fd_entry_is(entry, FD_PEER) || fd_table_foreign() || !fd_entry_verify(entry, fd))
		return false;
	const struct endpoint peer = entry->stream.peer;
	if (decide_listen(a, &(struct addr){0}, &route) != LISTEN_PROXY || !host_find(a, route, sys_option(fd, SO_DOMAIN), &peer, name))
		return false;
	name->in4.sin_port = htons(bound_port(fd)); /* in6's place, too */
	bound_name_put(fd_entry_cookie(fd), name);
	return true;
}

bool listening_name(int fd, struct endpoint *name)
{
	struct fd_entry *entry = inherited_entry(fd);
	const struct app *const a = bound_name_used ? app_enter() : NULL;
	int rc = 0;

	if (!a || !a->config)
		return false;
	if (!entry && bound_port(fd))
		entry = bind_at_proxy(a, fd, &rc);
	if (entry)
		return listener_name(entry, fd, name);
	return bound_name_find(fd_entry_cookie(fd), name) || find_host(a, fd, name);
}

/* Returns 0 once the accepted socket is the peer's; else it is closed. */
static int take(struct listener *l, int got, int flags, struct endpoint *peer)
{
	struct hold hold;

	cancel_hold(&hold);
	const int rc = listener_take(l, got, flags, peer);
	if (rc)
		sys.close(got);
	cancel_release(&hold);
	return rc;
}

/* Accept until it is a peer: other connections to the socket on loopback are strangers'. */
static int accept_peer(struct listener *l, int fd, struct endpoint *peer, int flags)
{
	for (;;) {
		const int got = (int)sys_rc(__extension__ sys.accept4(fd, NULL, NULL, flags));
		if (got < 0)
			return got;
		const int rc = take(l, got, flags, peer);
		if (rc != -ECONNABORTED)
			return rc ? rc : got;
	}
}

static void leave(void *l)
{
	listener_leave(l);
}

static int accept_by(struct listener *l, int fd, struct endpoint *peer, int flags)
{
	struct cleanup cleanup;

	cleanup_begin(&cleanup, leave, l);
	const int got = accept_peer(l, fd, peer, flags);
	cleanup_end(&cleanup);
	return got;
}

/* As the kernel does, lose a peer whose address finds no place. */
static int give_peer(int got, struct sockaddr *from, socklen_t *len, const struct endpoint *peer)
{
	const int rc = from ? caller_give_address(from, len, peer, endpoint_len(peer)) : 0;

	if (rc)
		sys.close(got);
	return rc ? rc : got;
}

static int accept_with(struct fd_entry *entry, int fd, struct sockaddr *from, socklen_t *len, int flags)
{
	struct listener *const l = listener_enter(entry, fd);
	struct endpoint peer;

	if (!l)
		return -EBADF; /* another thread has closed it */
	const int got = accept_by(l, fd, &peer, flags);
	listener_leave(l);
	return got < 0 ? got : give_peer(got, from, len, &peer);
}

__extension__ int accept4(int fd, struct sockaddr *restrict from, socklen_t *restrict len, int flags)
{
	const int saved = errno;
	struct fd_entry *const entry = bound_name_unused ? NULL : inherited_entry(fd);

	if (!entry)
		return __extension__ sys.accept4(fd, from, len, flags);
	return (int)hook_result(accept_with(entry, fd, from, len, flags), saved);
}

__extension__ int accept(int fd, struct sockaddr *restrict from, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *const entry = bound_name_unused ? NULL : inherited_entry(fd);

	if (!entry)
		return __extension__ sys.accept(fd, from, len);
	return (int)hook_result(accept_with(entry, fd, from, len, 0), saved);
}

void listen_inherited(const char *list)
{
	const struct app *const a = app_enter();

	succession_take(list, a && a->config && bound_name_used ? a : NULL);
}
