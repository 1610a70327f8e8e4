/* SPDX-License-Identifier: MIT */
/* connecting: dial in the application's thread if its socket blocks, else behind a decoy, as a connect that is interrupted goes on. */
#include "fd/connecting.h"

#include <netinet/tcp.h>

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/base/thread.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "fd/bound_name.h"
#include "fd/entered.h"
#include "fd/epoll.h"
#include "fd/journaled.h"
#include "fd/pending.h"
#include "fd/ready.h"
#include "fd/sigio.h"
#include "fd/table.h"
#include "fd/twin.h"

/* One call to connecting_start(). */
struct call {
	const struct config *config;
	const struct route *route;
	const struct addr *target;
	struct endpoint to;
	int fd, flags, family;
	instead_of *instead;
	int lowat; /* SO_RCVLOWAT to restore, if not 0 */
	struct fd_entry *entry;
};

/* Returns when a blocking connect must return although its dial goes on: socket(7), SO_SNDTIMEO. */
static int64_t patience(int fd, const struct fd_entry *entry)
{
	return entry && fd_entry_is(entry, FD_TIMED) ? fd_patience(fd, SO_SNDTIMEO) : INT64_MAX;
}

/* Returns CONNECTING_STANDS if nothing is pending any more after a wait, 0 if nothing was. */
static int await_earlier(int fd, struct fd_entry *entry)
{
	const struct entered in = fd_enter(fd);
	const bool pending = in.fd != fd, blocking = pending && !(sys.fcntl(in.fd, F_GETFL) & O_NONBLOCK);
	const int64_t until = blocking ? patience(in.fd, entry) : 0;

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
	fd_entry_set(entry, FD_TRIED);
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

static int describe(struct call *c, int fd, const struct sockaddr *to, socklen_t len)
{
	c->fd = fd;
	c->family = to->sa_family;
	c->flags = sys.fcntl(fd, F_GETFL);
	if (c->flags < 0)
		return -errno;
	c->to = endpoint_from(to, len);
	c->entry = fd_entry_make(fd);
	return 0;
}

/* Check that the address is of the socket's family, wherever the application's own connect does not let the kernel check. */
static int check_family(const struct call *c)
{
	const int family = sys_option(c->fd, SO_DOMAIN);

	return family == c->family ? 0 : family < 0 ? family : -EAFNOSUPPORT;
}

/* True if a dial may outlive the call. In a vfork child, which must not touch its parent's entries, nobody could finish it. */
static bool may_be_left(const struct call *c)
{
	return c->entry && !fd_table_foreign();
}

/* Let a read return with a single octet while the proxy answers. Returns the application's SO_RCVLOWAT if it has to be restored, else 0. */
static int lower_lowat(const struct call *c)
{
	int lowat;
	socklen_t len = sizeof(lowat);

	if (!c->entry || !fd_entry_is(c->entry, FD_LOWAT) || sys.getsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &lowat, &len))
		return 0;
	sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int));
	return lowat;
}

static void describe_pending(struct pending *p, const struct call *c, int lowat)
{
	p->fd = c->fd;
	p->flags = c->flags;
	p->family = c->family;
	p->to = c->to;
	p->lowat = lowat;
	p->instead = c->instead;
}

static int begin_dial(const struct call *c, struct dial *d)
{
	const int rc = dial_begin(d, c->config, c->route, COMMAND_CONNECT, c->target);

	dial_on(d, c->family, c->flags & ~O_ASYNC);
	if (c->entry && fd_entry_is(c->entry, FD_DEVICE))
		dial_on_device(d);
	return rc;
}

/* True if the application's words for the destination are a placeholder: these alone become names. */
static bool is_placeholder(const struct call *c)
{
	return c->target->kind == ADDR_NAME && c->route->kind == ROUTE_CHAIN;
}

static bool is_ipv6(const struct call *c)
{
	return c->to.sa.sa_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *)&c->to.sa)->sin6_addr);
}

static int begin_behind_decoy(const struct call *c, struct outcome **outcome)
{
	struct pending *p = pending_new();

	if (!p)
		return -ENOBUFS;
	int rc = begin_dial(c, &p->dialling.dial);
	if (rc) {
		pending_free(p);
		return rc;
	}
	describe_pending(p, c, lower_lowat(c));
	if (c->flags & O_NONBLOCK && is_placeholder(c)) {
		p->twin = twin_out(c->target, is_ipv6(c));
		p->attempt = twin_begin(c->target, is_ipv6(c));
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
	int rc = c->flags & O_NONBLOCK ? check_family(c) : 0;

	if (rc)
		return rc;
	const int64_t until = patience(c->fd, c->entry);
	lock_hold();
	rc = begin_behind_decoy(c, &outcome);
	lock_release();
	return outcome ? outcome_await(outcome, until) : rc;
}

/* End the call (a handler ran, or its time is up) but go on connecting, as connect(2) does. Takes over `clone`, the socket being dialled,
 * or -1 if that is the application's own. */
static int leave_it(const struct call *c, const struct dial *d, int clone, int rc)
{
	struct pending *p = pending_new();

	if (!p) {
		own_close(clone);
		return -ENOBUFS;
	}
	p->dialling.job.fd = clone;
	dial_move(&p->dialling.dial, d);
	describe_pending(p, c, c->lowat);
	const int failure = pending_start(p, c->entry);
	return failure ? failure : rc;
}

/* Put the clone in the place of the application's socket, under its number. */
static int replace_socket(struct fd_entry *entry, int fd, int clone)
{
	if (entry)
		lock_take(&entry->lock);
	const int rc = fd_epoll_replace(entry, fd, clone);
	if (entry)
		lock_give(&entry->lock);
	fd_epoll_return(entry, fd);
	return rc;
}

static bool goes_on(const struct call *c, int rc)
{
	return (rc == -EINTR || rc == -EINPROGRESS) && may_be_left(c);
}

static void close_clone(void *fd)
{
	own_close(*(int *)fd);
}

/* Dial on the clone; a cancelled thread closes it. Returns DIAL_SOCKET if the dial has turned to a path that wants another. */
static int wait_with_clone(const struct call *c, struct dial_job *j, int clone)
{
	struct cleanup cleanup;
	int rc;

	j->job.fd = clone;
	cleanup_begin(&cleanup, close_clone, &clone);
	rc = dial_wait(j, 1, patience(c->fd, c->entry));
	cleanup_end(&cleanup);
	if (goes_on(c, rc))
		return leave_it(c, &j->dial, clone, rc);
	if (rc == 0)
		rc = replace_socket(c->entry, c->fd, clone);
	own_close(clone);
	return rc;
}

/* Dial on a clone that can reach the first hop, since the application's socket cannot. */
static int wait_elsewhere(const struct call *c, struct dial_job *j)
{
	const int family = dial_family(&j->dial);
	const int rc = check_family(c), clone = rc ? rc : clone_make(c->fd, family);

	dial_on(&j->dial, family, c->flags & ~O_ASYNC);
	return clone < 0 ? clone : wait_with_clone(c, j, clone);
}

static int wait_for(const struct call *c, struct dial_job *j)
{
	int rc = dial_wait(j, 1, patience(c->fd, c->entry));

	if (goes_on(c, rc))
		return leave_it(c, &j->dial, -1, rc);
	while (rc == DIAL_SOCKET)
		rc = wait_elsewhere(c, j);
	return rc;
}

static int put_instead(const struct call *c)
{
	const int fresh = c->instead(c->fd, &c->to), rc = fresh < 0 ? fresh : replace_socket(c->entry, c->fd, fresh);

	own_close(fresh);
	return rc;
}

/* Dial and wait in the application's thread, on its own socket if that can reach the first hop. */
static int blocking(const struct call *c)
{
	SCRATCH(room);
	struct dial_job *const j = scratch_take(&room, sizeof(*j));

	if (!j)
		return -ENOBUFS;
	*j = (struct dial_job){.job.fd = c->fd};
	int rc = begin_dial(c, &j->dial);
	if (rc == 0)
		rc = wait_for(c, j);
	if (rc == -EINTR || rc == -EINPROGRESS)
		return rc;
	dial_report(&j->dial, rc);
	if (rc == 0 && c->instead)
		rc = put_instead(c);
	if (rc < 0)
		dial_clear(c->fd);
	if (rc < 0 && c->entry)
		fd_entry_tried(c->entry, c->fd);
	else if (rc == 0 && c->entry && (c->route->kind == ROUTE_CHAIN || c->instead))
		fd_entry_connected(c->entry, c->fd, &c->to);
	if (rc == 0)
		bound_name_learn(c->fd, &j->dial);
	journaled_dial(c->entry, c->fd, &j->dial, rc);
	return rc;
}

/* Dial where other threads would see it: there are none, or not even the hard limit has room for a decoy. Better so than never. */
static int in_the_open(struct call *c)
{
	c->lowat = lower_lowat(c);
	sigio_hold(c->fd, c->flags);
	const int rc = blocking(c);

	if (c->flags & O_ASYNC && rc != -EINPROGRESS && rc != -EINTR)
		sigio_release(c->fd, rc < 0);
	if (c->lowat && rc != -EINPROGRESS && rc != -EINTR) /* otherwise the dial goes on and restores the option later */
		sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &c->lowat, sizeof(c->lowat));
	return rc;
}

static int start(struct call *c)
{
	const bool waits = !(c->flags & O_NONBLOCK);

	if ((waits && thread_is_alone()) || !may_be_left(c))
		return in_the_open(c);
	const int rc = behind_decoy(c);
	return waits && (rc == -EMFILE || rc == -ENFILE) ? in_the_open(c) : rc;
}

/* What has just failed at the name's other placeholder fails here, too: it would be asked of the same proxy. */
static int start_as_twin(struct call *c)
{
	const bool ipv6 = is_ipv6(c);
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
	rc = describe(c, fd, to, len);
	if (rc == 0)
		rc = is_placeholder(c) ? start_as_twin(c) : start(c);
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
	const int rc = replace_socket(entry, fd, fresh);
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
