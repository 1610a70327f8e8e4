/* SPDX-License-Identifier: MIT */
/* association: sockets towards the command and one towards the relay, and a job that waits for all. */
#include "cli/guard/datagram/association.h"

#include <stdlib.h>
#include <utlist.h>

#include "cli/guard/datagram/far.h"
#include "cli/guard/datagram/peers.h"
#include "cli/guard/stream/stay.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/route/health.h"

enum {
	TICK_MS = 10000,
	FIRST_TICK_MS = 1000 /* most that send nothing are closed by then */,
	LINGER_MS = 2000, /* a proxy forgets what it has not yet passed on when the connection of an association ends */
	DATAGRAM_MAX = 65536,
	PEERS_MAX = 1024, /* then the oldest is forgotten until it is sent to again; what it sends is still heard */
	EVENTS = 16
};

struct association {
	struct job job;     /* job.fd: an epoll set with all of the following */
	struct peers peers; /* of the command's socket */
	struct far far;
	const struct app *app;
	const struct route *route;
	struct relays *relays; /* while they are being made; whoever waits for them hears of it: */
	void (*made)(void *arg, int rc);
	void *arg;
	struct endpoint own, bound; /* the command's socket, as its peers see it, and as it is bound */
	uint64_t cookie;            /* of that socket */
	bool mirrored, over;
	bool connected;     /* it hears nobody but its peer */
	bool left;          /* by the command: nothing more comes of it */
	int64_t tick, used; /* `used`: when it last sent something */
	struct association *next, *prev;
};

static struct association *associations;

struct association *association_find(const struct association_peer *p)
{
	struct association *a;

	DL_FOREACH(associations, a)
		if (a->cookie == p->socket->cookie && !a->over && a->route == p->route && peers_go_with(&a->peers, p->target, &p->to))
			break;
	return a;
}

bool association_has(const struct association *a, const struct endpoint *to)
{
	return peers_find(&a->peers, to);
}

bool association_is_under_way(const struct association *a)
{
	return a->far.fd >= 0 || a->relays;
}

static void free_association(struct association *a)
{
	DL_DELETE(associations, a);
	peers_close(&a->peers);
	far_close(&a->far);
	own_close(a->job.fd);
	free(a);
	stay_release();
}

static uint8_t bytes[DATAGRAM_MAX];

/* True if nothing more has come; else the connection is over. */
static bool is_dry(long rc)
{
	return rc == -EAGAIN || rc == -EINTR;
}

/* Send what the command has sent to a peer. One that has an error is over: the command's socket is closed, or has another peer by now. */
static void send_all(struct association *a, struct peer *p)
{
	long n;

	while ((n = sys_rc(sys.recv(p->near, bytes, sizeof(bytes), MSG_DONTWAIT))) >= 0) {
		far_send(&a->far, &p->target, bytes, (size_t)n);
		a->used = clock_now();
	}
	if (!is_dry(n))
		peers_drop(&a->peers, p);
	a->over |= !a->peers.list;
}

/* Returns our socket that is whoever sends as `from`; negative if that is for nobody. */
static int sender(struct association *a, const struct addr *from)
{
	const struct peer *const p = peers_from(&a->peers, from);
	struct endpoint to;

	if (p || a->connected || !endpoint_to(&to, from, a->bound.sa.sa_family))
		return p ? p->near : -1;
	return near_be(&a->peers.stranger, &a->bound, &to);
}

static void receive_all(struct association *a)
{
	struct addr from;
	int rc = 0;

	while (rc == 0) {
		const struct slice d = far_receive(&a->far, bytes, sizeof(bytes), &from, &rc);
		const int near = d.at ? sender(a, &from) : -1;
		if (near >= 0)
			sys_send(near, d.at, d.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	a->over |= !is_dry(rc);
}

static void pass_all(struct association *a)
{
	struct peer *p, *next;

	DL_FOREACH_SAFE(a->peers.list, p, next)
		send_all(a, p);
	receive_all(a);
}

static int settle(struct association *a, struct relays *m)
{
	const int rc = m->rc ? m->rc : a->over ? -ECANCELED : far_open(&a->far, m, a->job.fd, a);

	if (rc == ERR_UDP_UNSUPPORTED)
		health_refused_udp(a->route);
	return rc;
}

static void tell(struct association *a, int rc)
{
	void (*const made)(void *, int) = a->made;

	a->made = NULL;
	if (made)
		made(a->arg, rc);
}

static void give_up(struct association *a)
{
	a->over = true;
	engine_hurry(&a->job);
}

/* The relays stand, or have failed. */
static void made(struct relays *m, void *arg)
{
	struct association *const a = arg;
	const int rc = settle(a, m);

	a->relays = NULL;
	relays_free(m);
	tell(a, rc);
	a->over |= rc != 0;
	if (rc == 0)
		pass_all(a);
	engine_hurry(&a->job);
}

int association_make(struct association *a, void (*its_made)(void *, int), void *arg)
{
	int rc = 0;

	a->relays = relays_new(a->app, a->route, &rc);
	if (!a->relays) {
		give_up(a);
		return rc;
	}
	a->made = its_made;
	a->arg = arg;
	relays_start(a->relays, made, a);
	return 0;
}

/* Something has happened: to a peer of the command's socket, to the relays (NULL), or to the connections that keep them open (the association). Many
 * programs connect UDP sockets only to learn of their own address: relays are made for those that send. */
static void look_at(struct association *a, void *what)
{
	if (what == a)
		a->over = true; /* a proxy never sends anything on these: it has ended */
	else if (!what)
		receive_all(a);
	else if (a->far.fd >= 0)
		send_all(a, what);
	else if (!a->relays && !a->over)
		association_make(a, NULL, NULL);
}

/* Whoever has sent something, and closed the socket or ended, expects that it is on its way. */
static void look_who_is_left(struct association *a)
{
	const int64_t now = clock_now(), linger = a->used + (int64_t)LINGER_MS * NS_PER_MS;

	if (!a->left && now >= a->tick) {
		a->tick = clock_in_ms(TICK_MS);
		a->left = near_is_left(&a->own, a->mirrored);
	}
	if (!a->left && !stay_is_alone())
		return;
	a->over |= !a->used || now >= linger;
	a->tick = linger;
}

static bool step(struct job *j)
{
	struct association *const a = JOB_OF(struct association, job, j);
	struct epoll_event seen[EVENTS];

	for (int n; (n = epoll_wait(j->fd, seen, EVENTS, 0)) > 0;)
		for (int i = 0; i < n; i++)
			look_at(a, seen[i].data.ptr);
	if (!a->relays)
		look_who_is_left(a);
	j->limit = a->relays ? INT64_MAX : a->tick;
	return !a->over || a->relays;
}

static void end(struct job *j)
{
	free_association(JOB_OF(struct association, job, j));
}

/* What has been sent to the oldest peer goes out before it is forgotten. */
static void make_room(struct association *a)
{
	struct peer *const oldest = a->peers.list;

	if (a->peers.n < PEERS_MAX)
		return;
	if (a->far.fd >= 0)
		send_all(a, oldest);
	if (a->peers.list == oldest)
		peers_drop(&a->peers, oldest);
}

/* Let it be a peer, by `near`, which is closed if it cannot. Returns 0 or -errno. */
static int add(struct association *a, const struct association_peer *p, int near)
{
	make_room(a);
	struct peer *const new = peers_add(&a->peers, near, &p->to, p->target);
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = new};

	return new ? (int)sys_rc(sys.epoll_ctl(a->job.fd, EPOLL_CTL_ADD, near, &event)) : -ENOBUFS;
}

struct association *association_begin(const struct association_peer *p, int near, const struct endpoint *own, bool mirrored)
{
	struct association *const a = calloc(1, sizeof(*a));

	if (!a) {
		own_close(near);
		return NULL;
	}
	*a = (struct association){
		.job = {.fd = (int)sys_rc(epoll_create1(EPOLL_CLOEXEC)), .step = step, .end = end},
		.peers.stranger.fd = -1,
		.far.fd = -1,
		.app = p->app,
		.route = p->route,
		.own = *own,
		.cookie = p->socket->cookie,
		.mirrored = mirrored,
		.tick = clock_in_ms(FIRST_TICK_MS),
	};
	socket_address(p->socket->fd, &a->bound);
	DL_APPEND(associations, a);
	stay_hold();
	if (add(a, p, near) == 0) {
		engine_submit(&a->job);
		return a;
	}
	free_association(a);
	return NULL;
}

int association_add(struct association *a, const struct association_peer *p, int (*be)(const struct association_peer *))
{
	const int stranger = peers_take_stranger(&a->peers, &p->to), near = stranger >= 0 ? stranger : be(p);

	return near < 0 ? near : add(a, p, near);
}

void association_narrow(struct association *a, const struct endpoint *to)
{
	a->connected = true;
	peers_keep(&a->peers, to);
}

void associations_drop(const struct guest_socket *s, const struct association *but)
{
	struct association *a;

	DL_FOREACH(associations, a)
		if (a->cookie == s->cookie && a != but)
			give_up(a);
}

void associations_finish(void)
{
	struct association *a;

	DL_FOREACH(associations, a)
		engine_hurry(&a->job);
}
