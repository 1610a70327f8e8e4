/* SPDX-License-Identifier: MIT */
/* blocking: dial on the socket itself, or on a clone that takes its place; what the call leaves unfinished goes behind a decoy. */
#include "fd/blocking.h"

#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/clone.h"
#include "core/dial/report.h"
#include "core/dial/wait.h"
#include "fd/epoll.h"
#include "fd/journaled.h"
#include "fd/sigio.h"

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
	call_describe_pending(p, c, c->lowat);
	const int failure = pending_start(p, c->entry);
	return failure ? failure : rc;
}

static bool goes_on(const struct call *c, int rc)
{
	return (rc == -EINTR || rc == -EINPROGRESS) && call_may_be_left(c);
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
	rc = dial_wait(j, 1, call_patience(c->fd, c->entry));
	cleanup_end(&cleanup);
	if (goes_on(c, rc))
		return leave_it(c, &j->dial, clone, rc);
	if (rc == 0)
		rc = fd_epoll_exchange(c->entry, c->fd, clone);
	own_close(clone);
	return rc;
}

/* Dial on a clone that can reach the first hop, since the application's socket cannot. */
static int wait_elsewhere(const struct call *c, struct dial_job *j)
{
	const int family = dial_family(&j->dial);
	const int rc = call_check_family(c), clone = rc ? rc : clone_make(c->fd, family);

	dial_on(&j->dial, family, c->flags & ~O_ASYNC);
	return clone < 0 ? clone : wait_with_clone(c, j, clone);
}

static int wait_for(const struct call *c, struct dial_job *j)
{
	int rc = dial_wait(j, 1, call_patience(c->fd, c->entry));

	if (goes_on(c, rc))
		return leave_it(c, &j->dial, -1, rc);
	while (rc == DIAL_SOCKET)
		rc = wait_elsewhere(c, j);
	return rc;
}

static int put_instead(const struct call *c)
{
	const int fresh = c->instead(c->fd, &c->to), rc = fresh < 0 ? fresh : fd_epoll_exchange(c->entry, c->fd, fresh);

	own_close(fresh);
	return rc;
}

/* Dial and wait in the application's thread, on its own socket if that can reach the first hop. */
static int dial(const struct call *c)
{
	SCRATCH(room);
	struct dial_job *const j = scratch_take(&room, sizeof(*j));

	if (!j)
		return -ENOBUFS;
	*j = (struct dial_job){.job.fd = c->fd};
	int rc = call_begin_dial(c, &j->dial);
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
		fd_entry_unheard(c->entry, c->fd);
	else if (rc == 0 && c->entry && (c->route->kind == ROUTE_CHAIN || c->instead))
		fd_entry_connected(c->entry, c->fd, &c->to);
	if (rc == 0)
		bound_name_learn(c->fd, NULL, &j->dial);
	journaled_dial(c->entry, c->fd, &j->dial, rc);
	return rc;
}

int blocking_dial(struct call *c)
{
	c->lowat = call_lower_lowat(c);
	sigio_hold(c->fd, c->flags);
	const int rc = dial(c);

	if (c->flags & O_ASYNC && rc != -EINPROGRESS && rc != -EINTR)
		sigio_release(c->fd, rc < 0);
	if (c->lowat && rc != -EINPROGRESS && rc != -EINTR) /* otherwise the dial goes on and restores the option later */
		sys.setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &c->lowat, sizeof(c->lowat));
	return rc;
}
