/* SPDX-License-Identifier: MIT */
/* heir: a job of the engine that waits until the owner has ended, or this process has no number left. */
#include "listen/heir.h"

#include <limits.h>
#include <poll.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "fd/hidden.h"
#include "fd/set.h"
#include "fd/table.h"
#include "listen/numbers.h"
#include "listen/offer.h"

enum { LOOK_MS = 20 };

static struct listener *of(struct job *j)
{
	return JOB_OF(struct listener, watching, j);
}

static void watch_owner(struct listener *l)
{
	process_end_await(&l->owners, share_owner(&l->share));
	set_add(l->watching.fd, l->owners.fd, EPOLLIN);
}

static void begin(struct job *j)
{
	struct listener *const l = of(j);

	j->fd = set_make();
	set_add(j->fd, l->line.children, EPOLLRDHUP);
	if (l->binding.route)
		watch_owner(l);
}

/* A peer has come by it: the connection must not stay open because of us. */
static void let_carrier_go(struct listener *l)
{
	const int carrier = l->binding.dialling.job.fd;

	if (carrier < 0 || poll(&(struct pollfd){.fd = l->line.children, .events = POLLRDHUP}, 1, 0) <= 0)
		return;
	l->binding.dialling.job.fd = -1;
	own_close(carrier);
	fork_line_close(&l->line);
	l->line = fork_line_none;
}

static bool has_numbers(struct listener *l)
{
	lock_take(&l->lock);
	const bool has = l->numbers || l->calls;
	lock_give(&l->lock);
	return has;
}

static bool take_over(struct listener *l)
{
	const bool first = share_take_over(&l->share, l->owners.process);

	lock_take(&l->lock);
	l->owned = first;
	lock_give(&l->lock);
	return first;
}

static bool step(struct job *j)
{
	struct listener *const l = of(j);

	j->limit = INT64_MAX;
	if (!has_numbers(l))
		return false;
	if (!l->binding.route)
		return true;
	if (!process_has_ended(&l->owners)) {
		let_carrier_go(l);
		if (j->fd < 0 || l->owners.fd < 0)
			j->limit = clock_in_ms(LOOK_MS);
		return true;
	}
	if (take_over(l))
		return false;
	watch_owner(l); /* another heir was quicker */
	return true;
}

static void end(struct job *j)
{
	struct listener *const l = of(j);

	own_close(j->fd);
	process_end_forget(&l->owners);
	if (l->owned)
		owner_go_on(l);
	else
		owner_release(l);
}

void heir_leave(struct listener *l)
{
	own_close(l->share.out);
	l->share.out = -1;
	if (!l->owned)
		engine_nudge(&l->watching);
}

static void count_none(int fd, struct fd_entry *entry, void *unused)
{
	(void)fd;
	(void)unused;
	entry->listening->numbers = entry->listening->calls = 0;
}

/* Before listen() the sockets are two, each of which may listen: the child asks the proxy when it does. */
static void keep(int fd, struct fd_entry *entry, void *unused)
{
	struct listener *const l = entry->listening;

	(void)fd;
	(void)unused;
	if (!l->started) {
		fd_entry_clear(entry, FD_LISTENING);
		return;
	}
	l->numbers++;
	share_keep(&l->share);
	if (l->line.children >= 0 && owner_can_be_followed(l)) {
		hidden_keep(l->binding.dialling.job.fd);
		fork_line_keep(&l->line);
	} else {
		l->binding.dialling.job.fd = -1;
		l->line = fork_line_none;
	}
}

static void wait_for_owner(struct listener *l)
{
	l->process = getpid();
	l->owned = false;
	l->offer = -1;
	l->owners = process_end_none();
	l->watching = (struct job){.begin = begin, .step = step, .end = end, .fd = -1};
	engine_serve(&l->watching);
}

static void inherit(int fd, struct fd_entry *entry, void *unused)
{
	struct listener *const l = entry->listening;

	(void)fd;
	(void)unused;
	if (l->process != getpid()) /* else it is known by another number */
		wait_for_owner(l);
}

static bool listens_on_loopback(int fd, struct addr *at)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);

	return sys_getsockname(fd, (struct sockaddr *)&own, &len) == 0 && addr_from_sockaddr(at, (struct sockaddr *)&own, len) &&
	       addr_is_loopback(at);
}

/* Its own program's rules may have it ask nobody. */
static const struct route *route_for(const struct app *app, const struct share *s)
{
	const struct addr bound = {.kind = ADDR_IPV4, .port = s->common->port};
	const struct route *route;

	return decide_listen(app, &bound, &route) == LISTEN_PROXY ? route : NULL;
}

/* Of those that nobody offers, we need not ask again. */
static bool ask(uint64_t cookie, struct share *s)
{
	enum { KEPT = 16 };
	static _Atomic uint64_t refused[KEPT];

	if (!cookie || refused[cookie % KEPT] == cookie)
		return false;
	const int rc = offer_ask(cookie, s);
	if (rc == -ECONNREFUSED)
		refused[cookie % KEPT] = cookie;
	return rc == 0;
}

/* The share is taken over in any case. */
static struct listener *with(struct share *s, int fd, const struct app *app)
{
	struct addr at;
	struct listener *const l = listens_on_loopback(fd, &at) ? owner_listener(app, route_for(app, s), fd) : NULL;

	if (!l) {
		share_close(s);
		return NULL;
	}
	l->at = at;
	l->cookie = fd_entry_cookie(fd);
	l->share = *s;
	l->binding.ipv6_alone = s->common->ipv6_alone;
	l->started = true;
	return l;
}

struct listener *heir_listener(int fd, const struct app *app)
{
	struct addr at;
	struct share s;

	if (!listens_on_loopback(fd, &at) || !ask(fd_entry_cookie(fd), &s))
		return NULL;
	struct listener *const l = with(&s, fd, app);
	if (l)
		wait_for_owner(l);
	return l;
}

struct listener *heir_successor(int fd, const struct app *app, struct share *s)
{
	struct listener *const l = with(s, fd, app);

	if (l && l->binding.route && share_take_over(&l->share, getpid()))
		owner_go_on(l);
	else if (l)
		wait_for_owner(l);
	return l;
}

static void share_carrier(struct listener *l, int fd, void *unused)
{
	(void)fd;
	(void)unused;
	if (l->started && l->owned && owner_can_be_followed(l))
		fork_line_open(&l->line);
}

void heir_prepare(void)
{
	numbers_each(share_carrier, NULL);
}

void heir_keep(void)
{
	if (!bound_name_used)
		return;
	fd_table_each(0, INT_MAX, FD_LISTENING, count_none, NULL);
	fd_table_each(0, INT_MAX, FD_LISTENING, keep, NULL);
}

void heir_begin(void)
{
	if (bound_name_used)
		fd_table_each(0, INT_MAX, FD_LISTENING, inherit, NULL);
}
