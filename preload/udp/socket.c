/* SPDX-License-Identifier: MIT */
/* socket: make, find, share and free what we know of a datagram socket. */
#include "udp/socket.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <utlist.h>

#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/entered.h"
#include "fd/epoll.h"
#include "fd/table.h"
#include "sys_resolve.h"
#include "udp/forwarder.h"
#include "udp/linger.h"

enum { CALLS_BETWEEN_LOOKS = 64 };

static struct {
	const struct app *app;
	struct udp *all, *free;
	struct lock lock; /* guards both lists */
} udps;

void udp_use(const struct app *app)
{
	udps.app = app;
}

const struct app *udp_app(void)
{
	return udps.app;
}

/* The memory stays a struct udp for ever, because udp_enter() may be reading it. */
static void release(struct udp *u)
{
	lock_take(&udps.lock);
	DL_DELETE(udps.all, u);
	LL_PREPEND(udps.free, u);
	lock_give(&udps.lock);
}

static struct udp *take(void)
{
	lock_take(&udps.lock);
	struct udp *u = udps.free;

	if (u)
		LL_DELETE(udps.free, u);
	lock_give(&udps.lock);
	if (!u)
		return pages_take(sizeof(*u));
	memset(u, 0, offsetof(struct udp, peers.of) + u->peers.n * sizeof(struct peer));
	return u;
}

void udp_leave(struct udp *u)
{
	if (atomic_fetch_sub(&u->users, 1) == 1)
		release(u);
}

/* Take a use of the socket, without waiting: a thread that closes it meanwhile has removed it from the entry first. */
static struct udp *hold(const struct fd_entry *entry)
{
	struct udp *u = atomic_load(&entry->datagram.udp);
	/* The pointer means something only under FD_UDP: the number may have become a stream's meanwhile. */
	unsigned users = u && fd_entry_is(entry, FD_UDP) ? atomic_load(&u->users) : 0;

	while (users && !atomic_compare_exchange_weak(&u->users, &users, users + 1))
		;
	if (!users)
		return NULL;
	if (atomic_load(&entry->datagram.udp) == u)
		return u;
	udp_leave(u);
	return NULL;
}

/* Returns 0 if `fd` is a UDP socket; else why it cannot send through a chain. */
static int check(int fd)
{
	const int type = sys_option(fd, SO_TYPE);

	if (type < 0)
		return type;
	return type == SOCK_DGRAM && sys_option(fd, SO_PROTOCOL) == IPPROTO_UDP ? 0 : ERR_RAW;
}

static struct udp *make(int fd, bool direct)
{
	struct udp *u = take();

	if (!u)
		return NULL;
	u->cookie = fd_entry_cookie(fd);
	u->family = sys_option(fd, SO_DOMAIN);
	u->direct = direct;
	u->socket = -1;
	u->entries = 1;
	lock_take(&udps.lock);
	DL_APPEND(udps.all, u);
	lock_give(&udps.lock);
	u->users = 2; /* the entry and the caller */
	sys_plain_no_more();
	return u;
}

void udp_copied(const struct fd_entry *from, int to)
{
	struct udp *u = from->datagram.udp;
	struct fd_entry *copy = fd_entry_make(to);

	if (!copy)
		return;
	lock_take(&u->lock);
	u->entries++;
	u->users++;
	lock_give(&u->lock);
	fd_entry_become(copy, FD_DATAGRAM);
	copy->datagram.udp = u;
	fd_entry_set(copy, FD_UDP);
}

/* The number is another of the socket's, from before it sent through a chain. */
static void join(int fd, struct fd_entry *entry, void *arg)
{
	const struct fd_entry *const known = arg;

	if (!fd_entry_is(entry, FD_UDP) && known->datagram.udp && known->datagram.udp->cookie == fd_entry_cookie(fd))
		udp_copied(known, fd);
}

struct udp *udp_make(int fd, int *rc)
{
	*rc = check(fd);
	struct fd_entry *entry = *rc ? NULL : fd_entry_make(fd);

	if (!entry) /* a vfork child must not make one */
		*rc = *rc ? *rc : -ENOBUFS;
	fd_leave(fd_enter(fd)); /* forget a dial whose number was closed behind our back */
	if (!entry)
		return NULL;
	bool fresh = false;
	lock_take(&entry->lock);
	struct udp *u = entry->datagram.udp;
	if (fd_entry_is(entry, FD_UDP) && u->cookie != fd_entry_cookie(fd))
		udp_closed(entry);
	if (fd_entry_is(entry, FD_UDP)) {
		u->users++;
	} else if ((u = make(fd, fd_entry_is(entry, FD_DIRECT)))) {
		fd_entry_become(entry, FD_DATAGRAM);
		entry->datagram.udp = u;
		fd_entry_set(entry, FD_UDP);
		fresh = true;
	}
	lock_give(&entry->lock);
	if (fresh && fd_entry_is(entry, FD_DUPLICATED))
		fd_table_each(0, UINT_MAX, FD_DUPLICATED, join, entry);
	*rc = u ? 0 : -ENOBUFS;
	return u;
}

bool udp_inherit_kin(int fd)
{
	const struct fd_entry *entry = fd_entry_find(fd);
	const int saved = errno;
	struct udp *u = NULL;
	int rc;

	if ((kin_expected(fd) || (entry && fd_entry_is(entry, FD_DUPLICATED))) && kin_knows(fd_entry_cookie(fd)))
		u = udp_make(fd, &rc);
	errno = saved;
	if (!u)
		return false;
	lock_take(&u->lock);
	u->kins = !u->connected && !u->associations[0].route;
	lock_give(&u->lock);
	udp_leave(u);
	return true;
}

/* What an answer's sender is called, if the program sends to one name there. */
static const struct peer *named(const struct udp *u, const struct association *a)
{
	for (const struct peer *p = u->peers.of; p < u->peers.of + u->peers.n; p++)
		if (p->named && p->route == a->route && p->group == a->group)
			return p;
	return NULL;
}

void udp_tell_kin(const struct udp *u, const struct association *a)
{
	const struct peer *p = named(u, a);

	kin_tell(u->cookie, &a->relay, p ? &p->as : &(struct endpoint){0});
}

/* What waits to be sent is sent all the same. */
static void abandon_relays(struct udp *u)
{
	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++)
		if (a->relays && !a->queue)
			relays_abandon(a->relays);
}

/* An association still being set up finishes on its own, finds that the socket has no descriptors left, and drops itself. */
void udp_closed(struct fd_entry *entry)
{
	struct udp *u = entry->datagram.udp;

	fd_entry_clear(entry, FD_UDP);
	entry->datagram.udp = NULL;
	lock_take(&u->lock);
	if (--u->entries == 0) {
		abandon_relays(u);
		if (u->forwarder)
			udp_forwarder_release(u->forwarder);
		for (int i = 0; i < UDP_ASSOCIATIONS; i++)
			association_retire(&u->associations[i]);
	}
	lock_give(&u->lock);
	udp_leave(u);
}

/* Forget a socket whose number was closed behind our back and means something else now. */
static void disown(struct fd_entry *entry, const struct udp *u)
{
	lock_take(&entry->lock);
	if (entry->datagram.udp == u) {
		udp_closed(entry);
		fd_entry_clear(entry, FD_DIRECT);
	}
	lock_give(&entry->lock);
}

/* Only assembler can close a number without our hooks, so an occasional look will do. */
static bool may_be_stale(struct udp *u)
{
	const unsigned calls = atomic_load_explicit(&u->calls, memory_order_relaxed);

	atomic_store_explicit(&u->calls, calls + 1, memory_order_relaxed);
	return calls % CALLS_BETWEEN_LOOKS == 0;
}

static struct udp *enter(int fd, bool look)
{
	struct fd_entry *entry = fd_entry_find(fd);
	struct udp *u = entry ? hold(entry) : NULL;

	if (!u)
		return NULL;
	const bool closing = u->closing;
	if ((!look && !may_be_stale(u) && !closing) || u->cookie == fd_entry_cookie(fd))
		return u;
	if (!closing && !fd_table_foreign())
		disown(entry, u);
	udp_leave(u);
	return NULL;
}

struct udp *udp_enter(int fd)
{
	return enter(fd, false);
}

void udp_verify(int fd)
{
	struct udp *u = enter(fd, true);

	if (u)
		udp_leave(u);
}

int udp_close(struct fd_entry *entry, int fd)
{
	struct udp *u = udp_enter(fd);

	if (u)
		u->closing++;
	fd_epoll_forget(entry);
	fd_entry_clear(entry, ~(unsigned)FD_UDP);
	const int rc = (int)sys_rc(sys.close(fd));
	if (!u)
		return rc;
	lock_take(&entry->lock);
	if (entry->datagram.udp == u)
		udp_closed(entry);
	lock_give(&entry->lock);
	u->closing--;
	udp_leave(u);
	return rc;
}

int udp_error(struct udp *u)
{
	return atomic_load_explicit(&u->error, memory_order_relaxed) ? atomic_exchange(&u->error, 0) : 0;
}

bool udp_any(void)
{
	return udps.all;
}

void udp_each(void (*f)(struct udp *))
{
	struct udp *u;

	lock_take(&udps.lock);
	DL_FOREACH(udps.all, u) {
		lock_take(&u->lock);
		f(u);
		lock_give(&u->lock);
	}
	lock_give(&udps.lock);
}

struct udp *udp_unfinished(void)
{
	struct udp *u;

	lock_take(&udps.lock);
	DL_FOREACH(udps.all, u)
		if (u->unfinished)
			break;
	if (u)
		u->users++;
	lock_give(&udps.lock);
	return u;
}

/* Count descriptors only: threads that were in the middle of a call do not exist in the child. */
static void count(int fd, struct fd_entry *entry, void *unused)
{
	(void)fd;
	(void)unused;
	entry->datagram.udp->entries++;
	entry->datagram.udp->users++;
}

void udp_forked(void)
{
	struct udp *u, *next;

	linger_forked();
	DL_FOREACH(udps.all, u) {
		u->entries = 0;
		u->users = 0;
		if (u->forwarder)
			udp_forwarder_forked(u->forwarder);
		for (int i = 0; i < UDP_ASSOCIATIONS; i++)
			association_forked(&u->associations[i]);
		own_close(u->socket);
		u->socket = -1;
		u->unfinished = 0;
	}
	fd_table_each(0, UINT32_MAX, FD_UDP, count, NULL);
	DL_FOREACH_SAFE(udps.all, u, next)
		if (!u->users)
			release(u);
}
