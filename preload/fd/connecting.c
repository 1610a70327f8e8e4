/* SPDX-License-Identifier: MIT */
/* connecting: what an earlier connect left comes first; then dial in the application's thread, or behind a decoy. */
#include "fd/connecting.h"

#include <netinet/tcp.h>

#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/base/thread.h"
#include "core/dial/clone.h"
#include "fd/blocking.h"
#include "fd/call.h"
#include "fd/entered.h"
#include "fd/epoll.h"
#include "fd/table.h"
#include "fd/twin.h"

/* Returns CONNECTING_STANDS if nothing is pending any more after a wait, 0 if nothing was. */
static int await_earlier(int fd, struct fd_entry *entry)
{
	const struct entered in = fd_enter(fd);
	const bool pending = in.fd != fd, blocking = pending && !(sys.fcntl(in.fd, F_GETFL) & O_NONBLOCK);
	const int64_t until = blocking ? call_patience(in.fd, entry) : 0;

	fd_leave(in);
	if (!pending)
		return 0;
	const int rc = blocking ? fd_entry_await_until(entry, until) : -EALREADY;
	return rc ? rc : CONNECTING_STANDS;
}

int connecting_earlier(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_FAILED | FD_SHUT | FD_PEER | FD_NEWS))
		return 0;
	const int rc = await_earlier(fd, entry);
	if (rc < 0 || !fd_entry_verify(entry, fd))
		return rc < 0 ? rc : 0;
	const bool news = fd_entry_is(entry, FD_NEWS), failed = fd_entry_is(entry, FD_FAILED), shut = fd_entry_is(entry, FD_SHUT);
	fd_entry_clear(entry, FD_NEWS | FD_FAILED | FD_SHUT);
	if (!shut)
		return news ? CONNECTING_STANDS : !fd_entry_is(entry, FD_PEER) ? 0 : rc ? CONNECTING_STANDS : -EISCONN;
	dial_clear(fd);
	fd_entry_set(entry, FD_UNHEARD);
	/* Once SO_ERROR has reported the error, connect(2) reports only that the connection was aborted. */
	return !news ? 0 : failed ? -entry->stream.error : -ECONNABORTED;
}

int connecting_state(int fd)
{
	uint8_t state; /* tcpi_state, the first octet of struct tcp_info */
	socklen_t len = sizeof(state);

	if (sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &len))
		return errno == EBADF || errno == ENOTSOCK ? -errno : ERR_RAW;
	switch (state) {
	case TCP_CLOSE:
		return 0;
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		return -EALREADY;
	default:
		return -EISCONN;
	}
}

static int begin_behind_decoy(const struct call *c, struct outcome **outcome)
{
	struct pending *p = pending_new();

	if (!p)
		return -ENOBUFS;
	int rc = call_begin_dial(c, &p->dialling.dial);
	if (rc) {
		pending_free(p);
		return rc;
	}
	call_describe_pending(p, c, call_lower_lowat(c));
	if (c->flags & O_NONBLOCK && call_is_placeholder(c)) {
		p->twin = twin_out(c->target, call_is_ipv6(c));
		p->attempt = twin_begin(c->target, call_is_ipv6(c));
	}
	if (!(c->flags & O_NONBLOCK))
		return pending_run(p, c->entry, outcome);
	rc = pending_start(p, c->entry);
	return rc ? rc : -EINPROGRESS;
}

/* Dial where neither the thread waits nor another thread sees it. No signal handler runs before somebody is sure to finish the dial. */
static int behind_decoy(const struct call *c)
{
	struct outcome *outcome = NULL;
	int rc = c->flags & O_NONBLOCK ? call_check_family(c) : 0;

	if (rc)
		return rc;
	const int64_t until = call_patience(c->fd, c->entry);
	lock_hold();
	rc = begin_behind_decoy(c, &outcome);
	lock_release();
	return outcome ? outcome_await(outcome, until) : rc;
}

static int start(struct call *c)
{
	const bool waits = !(c->flags & O_NONBLOCK);

	if ((waits && thread_is_alone()) || !call_may_be_left(c))
		return blocking_dial(c);
	const int rc = behind_decoy(c);
	return waits && (rc == -EMFILE || rc == -ENFILE) ? blocking_dial(c) : rc;
}

/* What has just failed at the name's other placeholder fails here, too: it would be asked of the same proxy. */
static int start_as_twin(struct call *c)
{
	const bool ipv6 = call_is_ipv6(c);
	int rc = twin_failure(c->target, ipv6);

	if (rc < -4095)
		return rc;
	rc = start(c);
	if (rc < -4095 && !(c->flags & O_NONBLOCK))
		twin_end(twin_begin(c->target, ipv6), rc);
	return rc;
}

static int describe_and_start(struct call *c, int fd, const struct sockaddr *to, socklen_t len)
{
	struct hold held;
	int rc;

	cancel_hold(&held);
	rc = call_describe(c, fd, to, len);
	if (rc == 0)
		rc = call_is_placeholder(c) ? start_as_twin(c) : start(c);
	cancel_release(&held);
	return rc;
}

int connecting_start(int fd, const struct config *config, const struct route *route, const struct addr *target, const struct sockaddr *to,
		     socklen_t len)
{
	return describe_and_start(&(struct call){.config = config, .route = route, .target = target}, fd, to, len);
}

int connecting_start_instead(int fd, const struct config *config, const struct addr *target, const struct sockaddr *to, socklen_t len,
			     instead_of *instead)
{
	return describe_and_start(&(struct call){.config = config, .route = &route_direct, .target = target, .instead = instead}, fd, to,
				  len);
}

/* The number now means a clone, of the family that reached the proxy. Whoever connects it again expects the application's family. */
static int dissolve_clone(int fd, struct fd_entry *entry)
{
	const int fresh = clone_make(fd, entry->stream.peer.sa.sa_family);

	if (fresh < 0)
		return fresh;
	const int rc = fd_epoll_exchange(entry, fd, fresh);
	own_close(fresh);
	return rc;
}

int connecting_dissolve(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);
	int rc;

	if (entry && pending_abandon(entry, fd, true))
		return 0;
	const bool ours = entry && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd);
	if (ours && sys_option(fd, SO_DOMAIN) != entry->stream.peer.sa.sa_family)
		rc = dissolve_clone(fd, entry);
	else
		rc = (int)sys_rc(sys_connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)));
	if (entry && rc == 0)
		fd_entry_clear(entry, FD_PEER | FD_SHUT | FD_NEWS);
	return rc;
}
