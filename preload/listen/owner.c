/* SPDX-License-Identifier: MIT */
/* owner: connect to the loopback socket for each peer, until there is no more room, or nobody left. */
#include "listen/owner.h"

#include <poll.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/dial/loopback.h"
#include "core/dial/report.h"
#include "fd/set.h"
#include "fd/table.h"
#include "listen/arrival.h"
#include "listen/offer.h"

enum { LOOK_MS = 20 };

static struct listener *of(const struct binding *b)
{
	return JOB_OF(struct listener, binding, b);
}

void owner_release(struct listener *l)
{
	share_close(&l->share);
	fork_line_close(&l->line);
	own_close(l->binding.dialling.job.fd);
	pages_free(l, sizeof(*l));
}

/* The proxy is to expect the peer of the program's newest connection, which is active FTP's server. */
static struct addr asks(struct binding *b)
{
	struct listener *const l = of(b);

	if (l->started)
		share_asking(&l->share);
	return bound_name_target(NULL);
}

/* What an heir has of the one before, is of no use to it. */
static void forget_carrier(struct listener *l)
{
	l->share.common->awaited = 0;
	fork_line_hang_up(&l->line);
	l->line = fork_line_none;
}

static void note(struct binding *b, int fd)
{
	struct listener *const l = of(b);

	lock_take(&l->lock);
	l->dialled = fd;
	lock_give(&l->lock);
	if (l->started)
		forget_carrier(l);
}

static bool is_wanted(const struct binding *b)
{
	return !of(b)->left;
}

/* If nobody needs the listener any more, it is gone. */
static bool goes_on(struct binding *b)
{
	struct listener *const l = of(b);

	lock_take(&l->lock);
	l->full = !arrival_fits(&l->share);
	const bool on = l->busy = !l->full && !l->left;
	const bool over = l->left && !l->watched;
	lock_give(&l->lock);
	if (over)
		owner_release(l);
	else if (!on)
		share_answered(&l->share);
	return on;
}

static void failed(struct binding *b, int rc)
{
	struct listener *const l = of(b);

	share_answered(&l->share);
	if (!l->left)
		dial_report(&b->dialling.dial, rc);
}

/* Connect to the loopback socket, which wakes whoever waits for it, in any process. Returns 0 or -errno. */
static int announce(struct listener *l, const struct arrival *a, int carrier)
{
	struct sockaddr_storage to;
	struct addr own;
	const int token = loopback_socket(l->binding.family, SOCK_STREAM, &own);

	if (token < 0)
		return token;
	const socklen_t len = addr_to_sockaddr(&l->at, &to, l->binding.family);
	int rc = arrival_put(&l->share, a, carrier, token); /* accept() looks for it */
	if (rc == 0)
		rc = (int)sys_rc(sys_connect(token, (struct sockaddr *)&to, len));
	own_close(token);
	return rc == -EINPROGRESS ? 0 : rc;
}

static int arrived(struct binding *b, int carrier)
{
	struct listener *const l = of(b);
	struct arrival a = {.name = b->next};

	share_asking(&l->share); /* before the program hears of it, and asks for the address of the next */
	int rc = binding_peer(b, carrier, &a.peer);
	if (rc == 0)
		rc = announce(l, &a, carrier);
	if (rc == 0)
		own_close(carrier);
	return rc;
}

/* Where the proxy listens from now on, is what getsockname tells once nobody who came before waits. */
static bool bound(struct binding *b)
{
	struct listener *const l = of(b);
	struct endpoint before;

	share_name(&l->share, &before);
	if (!endpoint_equal(&before, &b->next))
		binding_tell(b, &b->next);
	share_rename(&l->share, &b->next);
	l->share.common->awaited = fd_entry_cookie(b->dialling.job.fd);
	share_answered(&l->share);
	return true;
}

static void begin(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, watching, j);

	j->fd = set_make();
	l->offer = offer_open(l->cookie);
	set_add(j->fd, l->share.in, EPOLLOUT);
	set_add(j->fd, l->offer, EPOLLIN);
}

/* While it waits, see that somebody could accept, and that there is room. */
static bool watch(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, watching, j);
	struct pollfd p = {.fd = l->share.in, .events = POLLOUT};

	j->limit = j->fd < 0 ? clock_in_ms(LOOK_MS) : INT64_MAX;
	lock_take(&l->lock); /* of whoever closes the last number of this process */
	if (l->offer >= 0)
		offer_answer(l->offer, &l->share);
	lock_give(&l->lock);
	if (poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR))
		return false;
	lock_take(&l->lock);
	const bool resume = l->full && !l->busy && p.revents & POLLOUT;
	if (resume) {
		l->busy = true;
		l->full = false;
	}
	lock_give(&l->lock);
	if (resume)
		binding_begin(&l->binding);
	return true;
}

static void leave(struct job *j)
{
	struct listener *const l = JOB_OF(struct listener, watching, j);

	own_close(j->fd);
	own_close(l->offer);
	lock_take(&l->lock);
	const bool busy = l->busy;
	l->watched = false;
	l->left = true;
	if (busy && l->dialled >= 0)
		sys.shutdown(l->dialled, SHUT_RDWR); /* the binding finds nobody left, and ends */
	lock_give(&l->lock);
	if (!busy)
		owner_release(l);
	else
		engine_look(); /* perhaps it pauses */
}

static void own(struct listener *l)
{
	lock_take(&l->lock);
	l->owned = l->busy = l->watched = true;
	l->full = l->left = false;
	lock_give(&l->lock);
	l->watching = (struct job){.begin = begin, .step = watch, .end = leave, .fd = -1};
	engine_serve(&l->watching);
}

void owner_begin(struct listener *l)
{
	const uint64_t awaited = fd_entry_cookie(l->binding.dialling.job.fd);

	own(l);
	binding_await_peer(&l->binding);
	l->share.common->awaited = awaited; /* a child that is forked before can not wait for it */
}

bool owner_can_be_followed(const struct listener *l)
{
	const int carrier = l->binding.dialling.job.fd;

	return carrier >= 0 && l->share.common->awaited == fd_entry_cookie(carrier);
}

void owner_go_on(struct listener *l)
{
	const bool followed = owner_can_be_followed(l);

	if (!followed) {
		share_asking(&l->share);
		forget_carrier(l);
		own_close(l->binding.dialling.job.fd);
		l->binding.dialling.job.fd = -1;
	}
	share_taken_over(&l->share);
	l->dialled = l->binding.dialling.job.fd;
	own(l);
	if (followed)
		dial_start(&l->binding.dialling);
	else
		binding_begin(&l->binding);
}

struct listener *owner_listener(const struct app *app, const struct route *route, int fd)
{
	struct listener *const l = pages_take(sizeof(*l));

	if (!l)
		return NULL;
	l->numbers = 1;
	l->share = share_none;
	l->line = fork_line_none;
	l->offer = -1;
	l->binding = (struct binding){.owner = {asks, note, is_wanted, bound, arrived, failed, goes_on},
				      .app = app,
				      .route = route,
				      .family = sys_option(fd, SO_DOMAIN),
				      .ipv6_alone = binding_is_ipv6_alone(fd),
				      .dialling.job.fd = -1};
	return l;
}
