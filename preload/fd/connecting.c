/* SPDX-License-Identifier: MIT */
/* connecting: dial in the application's thread if its socket blocks, else behind a decoy, as a connect that is interrupted goes on. */
#include "fd/connecting.h"

#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/time.h>

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/wait.h"
#include "fd/clone.h"
#include "fd/entered.h"
#include "fd/epoll.h"
#include "fd/pending.h"
#include "fd/table.h"

/* One call to connecting_start(). */
struct call {
	const struct config *config;
	const struct route *route;
	const struct addr *target;
	struct endpoint to;
	int fd, flags, family;
	int lowat; /* SO_RCVLOWAT, if the application has set it */
	struct fd_entry *entry;
};

/* Returns when a blocking connect must return although its dial goes on: socket(7), SO_SNDTIMEO. */
static int64_t patience(int fd, const struct fd_entry *entry)
{
	struct timeval limit = {0};
	socklen_t len = sizeof(limit);

	if (!entry || !fd_entry_is(entry, FD_TIMED) || sys.getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &len) ||
	    (!limit.tv_sec && !limit.tv_usec))
		return INT64_MAX;
	return clock_in_ms((int64_t)limit.tv_sec * 1000 + limit.tv_usec / 1000);
}

static int await_earlier(int fd, struct fd_entry *entry)
{
	const struct entered in = fd_enter(fd);
	const bool pending = in.fd != fd, blocking = !(sys.fcntl(in.fd, F_GETFL) & O_NONBLOCK);
	const int64_t until = pending && blocking ? patience(in.fd, entry) : 0;

	fd_leave(in);
	return !pending ? 0 : blocking ? fd_entry_await_until(entry, until) : -EALREADY;
}

int connecting_earlier(int fd)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_PENDING | FD_FAILED | FD_SHUT | FD_PEER | FD_NEWS))
		return 0;
	const int rc = await_earlier(fd, entry);
	if (rc || !fd_entry_verify(entry, fd))
		return rc;
	const bool news = fd_entry_is(entry, FD_NEWS), failed = fd_entry_is(entry, FD_FAILED), shut = fd_entry_is(entry, FD_SHUT);
	fd_entry_clear(entry, FD_NEWS | FD_FAILED | FD_SHUT);
	if (!shut)
		return news ? CONNECTING_STANDS : fd_entry_is(entry, FD_PEER) ? -EISCONN : 0;
	dial_clear(fd);
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

static int behind_decoy(const struct call *c, struct pending *p)
{
	p->fd = c->fd;
	p->flags = c->flags;
	p->family = c->family;
	p->to = c->to;
	p->lowat = c->lowat;
	return pending_start(p, c->entry);
}

static int nonblocking(const struct call *c)
{
	int rc = check_family(c);
	if (rc)
		return rc;
	struct pending *p = pending_new();
	if (!p)
		return -ENOBUFS;
	rc = dial_begin(&p->dialling.dial, c->config, c->route, COMMAND_CONNECT, c->target);
	if (rc) {
		pending_free(p);
		return rc;
	}
	dial_on(&p->dialling.dial, c->family, c->flags);
	rc = behind_decoy(c, p);
	return rc ? rc : -EINPROGRESS;
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
	const int failure = behind_decoy(c, p);
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

/* Dial on the clone; a cancelled thread closes it. */
static int wait_with_clone(const struct call *c, struct dial_job *j, int clone)
{
	int rc;

	j->job.fd = clone;
	pthread_cleanup_push(close_clone, &clone);
	rc = dial_wait(j, 1, patience(c->fd, c->entry));
	pthread_cleanup_pop(false);
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

	dial_on(&j->dial, family, c->flags);
	return clone < 0 ? clone : wait_with_clone(c, j, clone);
}

static int wait_for(const struct call *c, struct dial_job *j)
{
	const int rc = dial_wait(j, 1, patience(c->fd, c->entry));

	if (rc == DIAL_SOCKET)
		return wait_elsewhere(c, j);
	return goes_on(c, rc) ? leave_it(c, &j->dial, -1, rc) : rc;
}

/* Dial and wait in the application's thread, on its own socket if that can reach the first hop. */
static int blocking(const struct call *c)
{
	struct dial_job j = {.job.fd = c->fd};
	int rc = dial_begin(&j.dial, c->config, c->route, COMMAND_CONNECT, c->target);

	dial_on(&j.dial, c->family, c->flags);
	if (rc == 0)
		rc = wait_for(c, &j);
	if (rc == -EINTR || rc == -EINPROGRESS)
		return rc;
	dial_report(&j.dial, rc);
	if (rc < 0)
		dial_clear(c->fd);
	else if (c->entry && c->route->kind == ROUTE_CHAIN)
		fd_entry_connected(c->entry, c->fd, &c->to);
	return rc;
}

static int start(const struct call *c)
{
	const int rc = c->flags & O_NONBLOCK && may_be_left(c) ? nonblocking(c) : -EMFILE;

	/* Block when not even the hard limit has room for a decoy: better late than never. */
	return rc == -EMFILE || rc == -ENFILE ? blocking(c) : rc;
}

/* Let a read return with a single octet while the proxy answers. */
static void lower_lowat(struct call *c)
{
	socklen_t len = sizeof(c->lowat);

	if (!c->entry || !fd_entry_is(c->entry, FD_LOWAT) || sys.getsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &c->lowat, &len))
		return;
	sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int));
}

int connecting_start(int fd, const struct config *config, const struct route *route, const struct addr *target, const struct sockaddr *to,
		     socklen_t len)
{
	struct call c = {.config = config, .route = route, .target = target};
	int rc;

	cancel_hold();
	rc = describe(&c, fd, to, len);
	if (rc == 0)
		lower_lowat(&c);
	if (rc == 0)
		rc = start(&c);
	if (c.lowat && rc != -EINPROGRESS && rc != -EINTR) /* otherwise the dial goes on and restores the option later */
		sys.setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &c.lowat, sizeof(c.lowat));
	cancel_release();
	return rc;
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
