/* SPDX-License-Identifier: MIT */
/* forward: a socket towards the command and one towards the relay, and a job that waits for both. */
#include "cli/guard/datagram/forward.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/guard/datagram/far.h"
#include "cli/guard/datagram/near.h"
#include "cli/guard/datagram/reflect.h"
#include "cli/guard/guest/mirror.h"
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
	EVENTS = RELAYS_MAX + 2
};

struct forward {
	struct job job; /* job.fd: an epoll set with all of the following */
	int near;       /* the peer of the command's socket */
	struct far far;
	const struct app *app;
	const struct route *route;
	struct relays *relays; /* while they are being made */
	struct addr target;
	struct endpoint to, own; /* the peer in the command's words; the command's socket, as `near` sees it */
	uint64_t cookie;         /* of that socket */
	bool mirrored, over;
	bool left;                  /* by the command: nothing more comes of it */
	int64_t tick, used;         /* `used`: when it last sent something */
	struct notice waiter;       /* a call that has something to send, */
	struct guest_socket socket; /* on this; -1: nobody waits */
	struct parcel *first;
	int nth;
	forward_sent *sent;
	struct forward *next, *prev;
};

static struct forward *forwards;

static struct forward *find(uint64_t cookie, const struct endpoint *to)
{
	struct forward *f;

	DL_FOREACH(forwards, f)
		if (f->cookie == cookie && !f->over && (!to || endpoint_equal(&f->to, to)))
			break;
	return f;
}

static void free_forward(struct forward *f)
{
	DL_DELETE(forwards, f);
	own_close(f->near);
	far_close(&f->far);
	own_close(f->job.fd);
	socket_drop(&f->socket);
	free(f->first);
	free(f);
	stay_release();
}

static uint8_t bytes[DATAGRAM_MAX];

/* True if nothing more has come; else the connection is over. */
static bool is_dry(long rc)
{
	return rc == -EAGAIN || rc == -EINTR;
}

static void send_one(struct forward *f, size_t n)
{
	far_send(&f->far, &f->target, bytes, n);
	f->used = clock_now();
}

/* Send what the command has sent. */
static void send_all(struct forward *f)
{
	long n;

	while ((n = sys_rc(sys.recv(f->near, bytes, sizeof(bytes), MSG_DONTWAIT))) >= 0)
		send_one(f, (size_t)n);
	f->over |= !is_dry(n);
}

/* A datagram is the peer's if it says so; of a peer that we know by name nobody can tell. */
static bool is_from_peer(const struct forward *f, const struct addr *from)
{
	return f->target.kind == ADDR_NAME || addr_equal(from, &f->target);
}

static void receive_all(struct forward *f)
{
	struct addr from;
	int rc = 0;

	while (rc == 0) {
		const struct slice d = far_receive(&f->far, bytes, sizeof(bytes), &from, &rc);
		if (d.at && is_from_peer(f, &from))
			sys_send(f->near, d.at, d.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	f->over |= !is_dry(rc);
}

static void pass_all(struct forward *f)
{
	if (f->far.fd < 0)
		return;
	send_all(f);
	receive_all(f);
}

static void made(struct relays *, void *);

/* Have relays made. Returns 0 or a negative err. */
static int make_relays(struct forward *f)
{
	int rc = 0;

	f->relays = relays_new(f->app, f->route, &rc);
	if (f->relays)
		relays_start(f->relays, made, f);
	return f->relays ? 0 : rc;
}

/* Many programs connect UDP sockets only to learn of their own address: relays are made for those that send. */
static void await_first(struct forward *f)
{
	if (!f->over && f->far.fd < 0 && !f->relays && sys.recv(f->near, bytes, 1, MSG_PEEK | MSG_DONTWAIT) >= 0)
		f->over |= make_relays(f) != 0;
}

/* Whoever has sent something, and closed the socket or ended, expects that it is on its way. */
static void look_who_is_left(struct forward *f)
{
	const int64_t now = clock_now(), linger = f->used + (int64_t)LINGER_MS * NS_PER_MS;

	if (!f->left && now >= f->tick) {
		f->tick = clock_in_ms(TICK_MS);
		f->left = near_is_left(&f->own, f->mirrored);
	}
	if (!f->left && !stay_is_alone())
		return;
	f->over |= !f->used || now >= linger;
	f->tick = linger;
}

static bool step(struct job *j)
{
	struct forward *const f = JOB_OF(struct forward, job, j);
	struct epoll_event seen[EVENTS];
	const int n = epoll_wait(j->fd, seen, EVENTS, 0);

	for (int i = 0; i < n; i++)
		f->over |= seen[i].data.u32; /* a proxy never sends anything on these: it has ended */
	await_first(f);
	pass_all(f);
	if (!f->relays)
		look_who_is_left(f);
	j->limit = f->relays ? INT64_MAX : f->tick;
	return !f->over || f->relays;
}

/* The command hears that its peer is gone as of any: ECONNREFUSED, once it sends. */
static void end(struct job *j)
{
	free_forward(JOB_OF(struct forward, job, j));
}

static int watch(const struct forward *f, int fd, bool control)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.u32 = control};

	return (int)sys_rc(sys.epoll_ctl(f->job.fd, EPOLL_CTL_ADD, fd, &event));
}

static int settle(struct forward *f, struct relays *m)
{
	const int rc = m->rc ? m->rc : f->over ? -ECANCELED : far_open(&f->far, m, f->job.fd);

	if (rc == ERR_UDP_UNSUPPORTED)
		health_refused_udp(f->route);
	return rc;
}

/* Let the call that waits go on. */
static void send_first(struct forward *f, long rc)
{
	if (f->socket.fd < 0)
		return;
	if (rc == 0)
		rc = parcel_send(f->first, f->socket.fd);
	if (f->sent)
		f->sent(&f->waiter, &f->socket, f->nth, rc);
	else
		notice_answer(&f->waiter, rc);
	socket_drop(&f->socket);
}

/* Let the job find that the forward is over. */
static void give_up(struct forward *f)
{
	f->over = true;
	sys.shutdown(f->near, SHUT_RDWR);
}

/* The relays stand, or have failed. */
static void made(struct relays *m, void *arg)
{
	struct forward *const f = arg;
	const int rc = settle(f, m);

	f->relays = NULL;
	relays_free(m);
	send_first(f, rc);
	if (rc)
		give_up(f);
	else
		pass_all(f);
	engine_hurry(&f->job);
}

static int barred(const struct route *route)
{
	return health_refuses_udp(route) || route_able(route, PROXY_COMMANDS) != route->n ? ERR_UDP_UNSUPPORTED : 0;
}

/* Begin with `near`, which the forward takes over. Returns NULL if there is no memory. */
static struct forward *make(const struct forward_call *call, int near, const struct endpoint *own)
{
	struct forward *const f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	*f = (struct forward){
		.job = {.fd = (int)sys_rc(epoll_create1(EPOLL_CLOEXEC)), .step = step, .end = end},
		.near = near,
		.far.fd = -1,
		.app = call->app,
		.route = call->route,
		.target = *call->target,
		.to = call->to,
		.own = *own,
		.cookie = call->socket->cookie,
		.tick = clock_in_ms(FIRST_TICK_MS),
		.socket.fd = -1,
	};
	DL_APPEND(forwards, f);
	stay_hold();
	if (f->job.fd >= 0 && watch(f, near, false) == 0)
		return f;
	f->near = -1;
	free_forward(f);
	return NULL;
}

/* Begin with `near`, or close it. */
static struct forward *begin(const struct forward_call *call, int near, const struct endpoint *own)
{
	struct forward *const f = near < 0 ? NULL : make(call, near, own);

	if (f)
		engine_submit(&f->job);
	else
		own_close(near);
	return f;
}

static int be_peer(const struct guest_socket *s, const struct endpoint *to, struct endpoint *own)
{
	struct endpoint bound;
	const int rc = socket_address(s->fd, &bound);

	return rc ? rc : near_mirror(&bound, to, own);
}

/* In the mirror the peer is what the program calls it; where there is none it is on loopback. */
int forward_connect(const struct forward_call *call)
{
	struct guest_socket *const s = call->socket;
	const struct endpoint from = socket_source(&call->to);
	struct endpoint own;
	int rc = barred(call->route);

	if (rc == 0 && !mirror_has(s))
		rc = reflect(call->notice, s, &from);
	const bool mirrored = rc == 0;
	if (rc && rc != -EPERM && rc != -EOPNOTSUPP)
		return rc;
	const int near = mirrored ? be_peer(s, &call->to, &own) : near_connect(s, &call->to, &own);
	struct forward *const f = begin(call, near, &own);
	if (!f)
		return near < 0 ? near : -ENOBUFS;
	f->mirrored = mirrored;
	return mirrored ? socket_connect(s, &call->to.sa, endpoint_len(&call->to)) : 0;
}

/* Let the call wait for the relays. Takes over the socket's descriptor. */
static void wait_for_relays(struct forward *f, const struct forward_call *call, struct parcel *first)
{
	f->mirrored = true;
	f->waiter = *call->notice;
	f->socket = *call->socket;
	f->first = first;
	f->nth = call->nth;
	f->sent = call->sent;
	call->socket->fd = -1;
}

static long start(const struct forward_call *call, struct parcel *first)
{
	struct endpoint own;
	const int near = be_peer(call->socket, &call->to, &own);
	struct forward *const f = begin(call, near, &own);

	if (!f) {
		free(first);
		return near < 0 ? near : -ENOBUFS;
	}
	wait_for_relays(f, call, first);
	const int rc = make_relays(f);
	if (rc) {
		send_first(f, rc);
		give_up(f);
	}
	return NOTICE_LATER;
}

long forward_send(const struct forward_call *call, const struct parcel *p)
{
	const struct forward *const f = find(call->socket->cookie, &call->to);
	const int rc = f ? 0 : barred(call->route);

	if (f)
		return NOTICE_PASS;
	if (rc)
		return rc;
	struct parcel *const first = parcel_copy(p);
	return first ? start(call, first) : -ENOBUFS;
}

void forward_finish(void)
{
	struct forward *f;

	DL_FOREACH(forwards, f)
		engine_hurry(&f->job);
}

void forward_drop(const struct guest_socket *s)
{
	for (struct forward *f; (f = find(s->cookie, NULL));)
		give_up(f);
}
